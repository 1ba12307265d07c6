package io.contraspectra.bindings.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file inside a jar, with what the jar's directory says about it: known without reading the content.
 *
 * @param fileName the last part of its name
 * @param url where to read it
 * @param size bytes
 * @param crc CRC-32 of the content, or -1 when unknown (a folder on the class path instead of a jar)
 */
record Resource(String fileName, URL url, long size, long crc) {
  /**
   * Finds a resource wherever the jar is: on the class path, on the module path, or with a container's class loader.
   *
   * @throws IOException when the resource is there and its jar cannot be read
   */
  static Optional<Resource> find(String folder, String fileName) throws IOException {
    var url = locate(folder + "/" + fileName);
    return url == null ? Optional.empty() : Optional.of(at(fileName, url));
  }

  private static @Nullable URL locate(String path) {
    // A platform folder such as "linux-x86_64" is no legal package name, so no module hides it from another.
    var own = Resource.class.getClassLoader();
    var url = own == null ? null : own.getResource(path);
    if (url != null) {
      return url;
    }
    var context = Thread.currentThread().getContextClassLoader();
    url = context == null ? null : context.getResource(path);
    return url != null ? url : ClassLoader.getSystemResource(path);
  }

  static Resource at(String fileName, URL url) throws IOException {
    var connection = open(url);
    if (connection instanceof JarURLConnection jar) {
      try (var _ = jar.getJarFile()) {
        var entry = jar.getJarEntry();
        return new Resource(fileName, url, entry.getSize(), entry.getCrc());
      }
    }
    try (var _ = connection.getInputStream()) {
      return new Resource(fileName, url, connection.getContentLengthLong(), -1);
    }
  }

  InputStream read() throws IOException {
    return open(url).getInputStream();
  }

  private static URLConnection open(URL url) throws IOException {
    var connection = url.openConnection();
    connection.setUseCaches(false); // a cached jar would stay open for the life of the JVM
    return connection;
  }
}
