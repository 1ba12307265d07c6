package io.contraspectra.bindings.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One of several libraries that a jar carries as resources and that need each other: they are extracted together, once,
 * whichever of them is asked for.
 *
 * @param name the short name of their folder in the cache, for example {@code cuda}
 * @param folder the resource folder, for example {@code org/bytedeco/cuda/linux-x86_64}
 * @param family file names of all of them, each after those that it needs; a jar may lack some
 * @param fileNames file names of the one that is asked for, best first
 */
public record BundledFamily(String name, String folder, List<String> family, List<String> fileNames)
    implements LibrarySource {
  @Override
  public String description() {
    return "bundled jar";
  }

  @Override
  public String absence() {
    return "no resource " + folder + "/" + fileNames.getFirst() + " on the class path or module path";
  }

  @Override
  public List<Path> candidates() throws IOException {
    var resources = new ArrayList<Resource>();
    for (String file : family) {
      Resource.find(folder, file).ifPresent(resources::add);
    }
    List<String> present = resources.stream().map(Resource::fileName).toList();
    var file = fileNames.stream().filter(present::contains).findFirst();
    if (file.isEmpty()) {
      return List.of();
    }
    Path extracted = ExtractionCache.standard().extract(name, resources);
    for (String needed : present.subList(0, present.indexOf(file.get()))) {
      DynamicLoader.open(extracted.resolve(needed)); // by its name it is then found, whatever its search path says
    }
    return List.of(extracted.resolve(file.get()));
  }
}
