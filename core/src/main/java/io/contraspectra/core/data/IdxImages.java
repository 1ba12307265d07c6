package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Images in IDX format, flattened and divided by 255, with the labels of the file that is named like theirs. */
final class IdxImages {

  private static final double WHITE = 255;
  private static final String GZ = ".gz";

  private IdxImages() {}

  /** Reads {@code train-images-idx3-ubyte} and, if there, {@code train-labels-idx1-ubyte}; each may end in .gz. */
  static LabelledData read(Path path) throws IOException {
    IdxFile images = open(path);
    String name = path.toString();
    if (images.sizes().size() < 2) {
      throw new InvalidData(name + " holds labels, not images; give the images file, its labels are found by name");
    }
    if (images.values().length == 0) {
      throw new InvalidData(name + " holds no images");
    }
    var features = new double[images.values().length];
    for (int i = 0; i < features.length; i++) {
      features[i] = Byte.toUnsignedInt(images.values()[i]) / WHITE;
    }
    return new LabelledData(name, images.rows(), features.length / images.rows(), features,
        labels(path, images.rows()).orElse(null));
  }

  private static Optional<int[]> labels(Path images, int count) throws IOException {
    Optional<Path> path = labelsOf(images);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    IdxFile labels = open(path.get());
    if (labels.sizes().size() != 1 || labels.rows() != count) {
      throw new InvalidData(path.get() + " holds " + labels.rows() + " labels for the " + count + " images of " + images
          + "; keep only files of one set together");
    }
    var classes = new int[count];
    for (int i = 0; i < count; i++) {
      classes[i] = Byte.toUnsignedInt(labels.values()[i]);
    }
    return Optional.of(classes);
  }

  private static Optional<Path> labelsOf(Path images) {
    String name = String.valueOf(images.getFileName());
    String plain = name.endsWith(GZ) ? name.substring(0, name.length() - GZ.length()) : name;
    String labels = plain.replace("images", "labels").replace("idx3", "idx1");
    return labels.equals(plain) ? Optional.empty()
        : Stream.of(labels, labels + GZ).map(images::resolveSibling).filter(Files::isRegularFile).findFirst();
  }

  private static IdxFile open(Path path) throws IOException {
    try (InputStream in = PlainInput.open(path)) {
      return IdxFile.read(in, path.toString());
    }
  }
}
