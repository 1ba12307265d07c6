package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.random.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The samplers of the house. */
public final class Samplers {

  private Samplers() {}

  /**
   * Given arrays, row by row together.
   *
   * @param arrays one for each block, all with the same number of rows; kept by reference
   * @param batch rows of a batch; all of them for a full batch, which keeps their order
   */
  public static Sampler given(Backend backend, List<Matrix> arrays, int batch, RandomStreams streams) {
    Matrix first = arrays.getFirst();
    for (Matrix other : arrays) {
      if (other.rows() != first.rows()) {
        throw new ShapeMismatch("given arrays: " + other.describe("a block") + " must have the " + first.rows()
            + " rows of the first, its samples stand side by side with them");
      }
    }
    var batches = new Batches("the given arrays", Math.toIntExact(first.rows()), batch, streams);
    return new Given(backend, List.copyOf(arrays), batch, batches);
  }

  private record Given(Backend backend, List<Matrix> arrays, int batch, Batches batches) implements Sampler {

    @Override
    public int blocks() {
      return arrays.size();
    }

    @Override
    public long samples() {
      return batch;
    }

    @Override
    public long features(int block) {
      return arrays.get(block).cols();
    }

    @Override
    public long size() {
      return arrays.getFirst().rows();
    }

    @Override
    public boolean isConstant() {
      return batches.isFull();
    }

    @Override
    public void draw(long step, List<Matrix> batch) {
      for (int block = 0; block < arrays.size(); block++) {
        Matrix source = arrays.get(block);
        if (batches.isFull()) {
          backend.copy(source, batch.get(block));
        } else {
          int[] rows = batches.of(step);
          for (int i = 0; i < rows.length; i++) {
            backend.copy(source.rowRange(rows[i], 1), batch.get(block).rowRange(i, 1));
          }
        }
      }
    }
  }

  /**
   * Random views of the samples: the first two blocks hold a view each of the batch's samples, a third one views of
   * their successors in the batch, as negatives; a single block holds one view.
   *
   * @param blocks 1 to 3
   */
  public static Sampler views(
      LabelledData data, Augmentation augmentation, int blocks, int batch, RandomStreams streams) {
    augmentation.requireFits(data.name(), data.cols());
    if (blocks == 3 && batch < 2) {
      throw new InvalidArgument("batches of " + batch + ": negatives are views of other samples of the batch, so it"
          + " needs two at least");
    }
    var batches = new Batches(data.name(), data.rows(), batch, streams);
    return new Drawn(data, augmentation, blocks, batch, batches, streams,
        (block, rows, _) -> block < 2 ? rows : successors(rows));
  }

  private static int[] successors(int[] rows) {
    var next = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      next[i] = rows[(i + 1) % rows.length];
    }
    return next;
  }

  /**
   * Random views of labelled samples: the second block holds, for each sample of the first, another one of its class
   * where there is one; the third one of another class.
   *
   * @param blocks 1 to 3
   */
  public static Sampler classPairs(
      LabelledData data, Augmentation augmentation, int blocks, int batch, RandomStreams streams) {
    augmentation.requireFits(data.name(), data.cols());
    int[] labels = data.requireLabels();
    if (blocks == 3 && Arrays.stream(labels).distinct().count() < 2) {
      throw new InvalidArgument(data.name() + " has one class only; negatives need another one");
    }
    var batches = new Batches(data.name(), data.rows(), batch, streams);
    var classes = new ClassPairs(labels);
    return new Drawn(data, augmentation, blocks, batch, batches, streams, (block, rows, random) -> switch (block) {
      case 0 -> rows;
      case 1 -> Arrays.stream(rows).map(row -> classes.sameClass(row, random)).toArray();
      default -> Arrays.stream(rows).map(row -> classes.otherClass(row, random)).toArray();
    });
  }

  /** The samples of a block, given those of the batch. */
  private interface Choice {
    int[] of(int block, int[] rows, RandomGenerator random);
  }

  private record Drawn(LabelledData data, Augmentation augmentation, int blocks, int batch, Batches batches,
      RandomStreams streams, Choice choice) implements Sampler {

    @Override
    public long samples() {
      return batch;
    }

    @Override
    public long features(int block) {
      return data.cols();
    }

    @Override
    public long size() {
      return data.rows();
    }

    @Override
    public boolean isConstant() {
      return false;
    }

    @Override
    public void draw(long step, List<Matrix> batch) {
      int[] rows = batches.of(step);
      int d = data.cols();
      var views = new double[Math.multiplyExact(rows.length, d)];
      for (int block = 0; block < blocks; block++) {
        RandomGenerator random = streams.named("views/step " + step + "/block " + block);
        int[] chosen = choice.of(block, rows, random);
        for (int i = 0; i < chosen.length; i++) {
          augmentation.view(data.features(), chosen[i] * d, views, i * d, d, random);
        }
        batch.get(block).copyFrom(views);
      }
    }
  }

  /** Samples by class. */
  private static final class ClassPairs {

    private final int[] labels;
    private final List<int[]> members = new ArrayList<>();
    private final int[] names;

    ClassPairs(int[] labels) {
      this.labels = labels;
      this.names = Arrays.stream(labels).distinct().sorted().toArray();
      for (int name : names) {
        members.add(IntStream.range(0, labels.length).filter(i -> labels[i] == name).toArray());
      }
    }

    int sameClass(int row, RandomGenerator random) {
      int[] own = members.get(Arrays.binarySearch(names, labels[row]));
      if (own.length == 1) {
        return row;
      }
      // One of the others: the row itself stands for the last.
      int drawn = own[random.nextInt(own.length - 1)];
      return drawn == row ? own[own.length - 1] : drawn;
    }

    int otherClass(int row, RandomGenerator random) {
      int drawn;
      do {
        drawn = random.nextInt(labels.length);
      } while (labels[drawn] == labels[row]);
      return drawn;
    }
  }
}
