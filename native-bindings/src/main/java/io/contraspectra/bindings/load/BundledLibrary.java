package io.contraspectra.bindings.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A library carried as a resource by a jar, together with the libraries that it needs beside it.
 *
 * @param name the short name of its folder in the cache, for example {@code openblas}
 * @param folder the resource folder, for example {@code org/bytedeco/openblas/linux-x86_64}
 * @param file the file name of the library
 * @param companions file names of libraries extracted beside it; a platform whose jar lacks one does not need it
 */
public record BundledLibrary(String name, String folder, String file, List<String> companions)
    implements LibrarySource {
  @Override
  public String description() {
    return "bundled jar";
  }

  @Override
  public String absence() {
    return "no resource " + folder + "/" + file + " on the class path or module path";
  }

  @Override
  public List<Path> candidates() throws IOException {
    var library = Resource.find(folder, file);
    if (library.isEmpty()) {
      return List.of();
    }
    var resources = new ArrayList<Resource>();
    resources.add(library.get());
    for (var companion : companions) {
      Resource.find(folder, companion).ifPresent(resources::add);
    }
    return List.of(ExtractionCache.standard().extract(name, resources).resolve(file));
  }
}
