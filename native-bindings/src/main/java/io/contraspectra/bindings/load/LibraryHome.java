package io.contraspectra.bindings.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The folder in which a vendor's libraries are installed: together in one folder, in its {@code lib64}, {@code lib} or
 * {@code bin}, or each in the {@code lib} of a folder of its own, as Python wheels have it. Libraries that the wanted
 * one needs are opened first, since their own search paths hold for one such layout only.
 *
 * @param description names this source in reports
 * @param home the folder, empty if the user names none
 * @param isBinding whether no other source may stand in for it
 * @param fileNames the file names of the library, best first
 * @param companions file names of what it needs, in the order in which they are opened, {@code *} for any version;
 *     those missing are left out
 */
public record LibraryHome(
    String description, String home, boolean isBinding, List<String> fileNames, List<String> companions)
    implements LibrarySource {

  private static final List<String> PLACES = List.of("", "lib64", "lib", "bin", "bin/x64");

  /** The folder that a system property names; once set, it binds. */
  public static LibraryHome property(String property, List<String> fileNames, List<String> companions) {
    String value = System.getProperty(property, "");
    return new LibraryHome("system property " + property, value, !value.isEmpty(), fileNames, companions);
  }

  /** The folder that an environment variable names. */
  public static LibraryHome variable(String variable, List<String> fileNames, List<String> companions) {
    String value = System.getenv().getOrDefault(variable, "");
    return new LibraryHome("environment variable " + variable, value, false, fileNames, companions);
  }

  @Override
  public String absence() {
    return "not set";
  }

  @Override
  public List<Path> candidates() throws IOException {
    if (home.isEmpty()) {
      return List.of();
    }
    List<Path> folders = folders(parse(home));
    List<Path> libraries = fileNames.stream().flatMap(name -> find(folders, name)).toList();
    if (libraries.isEmpty()) {
      throw new IOException("'" + home + "' holds none of " + String.join(", ", fileNames)
          + ", neither itself nor in its lib folders");
    }
    companions.stream().flatMap(name -> find(folders, name)).forEach(LibraryHome::openQuietly);
    return libraries;
  }

  private static Path parse(String value) throws IOException {
    try {
      Path path = Path.of(value).toAbsolutePath();
      if (Files.isDirectory(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw new IOException("not a path: " + e.getMessage(), e);
    }
    throw new IOException("no such folder: '" + value + "'");
  }

  private static List<Path> folders(Path home) throws IOException {
    var folders = new ArrayList<Path>();
    PLACES.forEach(place -> folders.add(home.resolve(place)));
    for (Path parent : List.of(home, home.resolve("nvidia"))) {
      if (Files.isDirectory(parent)) {
        try (Stream<Path> children = Files.list(parent)) {
          children.filter(Files::isDirectory).sorted().forEach(child -> {
            folders.add(child.resolve("lib"));
            folders.add(child.resolve("bin"));
          });
        }
      }
    }
    return folders;
  }

  /** The file of a name in the first folder that has it; of a name with a star, all files of that folder. */
  private static Stream<Path> find(List<Path> folders, String name) {
    return folders.stream().map(folder -> matches(folder, name)).filter(files -> !files.isEmpty()).findFirst()
        .stream().flatMap(List::stream);
  }

  private static List<Path> matches(Path folder, String name) {
    if (!name.contains("*")) {
      return Stream.of(folder.resolve(name)).filter(Files::isRegularFile).toList();
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, name)) {
      return StreamSupport.stream(files.spliterator(), false).filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      return List.of(); // no such folder
    }
  }

  // What is wrong with a companion shows when the library that needs it is opened.
  private static void openQuietly(Path companion) {
    try {
      DynamicLoader.open(companion);
    } catch (IOException e) {
      System.getLogger(LibraryHome.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot open {0}: {1}", companion, Reasons.of(e));
    }
  }
}
