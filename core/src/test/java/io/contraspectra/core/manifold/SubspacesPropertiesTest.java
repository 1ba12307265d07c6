package io.contraspectra.core.manifold;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomStreams;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Angles that are put in come out, of any size; distances are what projectors say. */
class SubspacesPropertiesTest {

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void knownAnglesAreRecovered(@ForAll TestBackend kind, @ForAll @IntRange(min = 1, max = 4) int z,
      @ForAll @IntRange(min = 0, max = 1000) int seed) {
    var random = RandomStreams.of(seed).named("angles");
    var expected = new double[z];
    for (int i = 0; i < z; i++) {
      expected[i] = Math.PI / 2 * Math.pow(10, -12 * random.nextDouble());
    }
    Arrays.sort(expected);
    try (Backend backend = kind.open();
        Matrix frame = Stiefel.random(backend, DType.F64, 2 * z + 1, 2 * z, random);
        Matrix turned = turned(backend, frame, expected)) {
      SubspaceDistances distances = Subspaces.compare(backend, frame.block(0, 0, 2 * z + 1, z), turned);
      assertArrayEquals(expected, distances.principalAngles(), 1e-14);
    }
  }

  /** Column i turned by angle i towards column z + i. */
  private static Matrix turned(Backend backend, Matrix frame, double[] angles) {
    int z = angles.length;
    Matrix turned = backend.zeros(DType.F64, frame.rows(), z);
    for (int i = 0; i < z; i++) {
      Matrix column = turned.block(0, i, frame.rows(), 1);
      backend.add(Math.cos(angles[i]), frame.block(0, i, frame.rows(), 1), 0, column);
      backend.add(Math.sin(angles[i]), frame.block(0, z + i, frame.rows(), 1), 1, column);
    }
    return turned;
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void distancesAreThoseOfProjectors(@ForAll TestBackend kind, @ForAll @IntRange(min = 1, max = 4) int p,
      @ForAll @IntRange(min = 1, max = 4) int q, @ForAll @IntRange(min = 0, max = 1000) int seed) {
    var random = RandomStreams.of(seed).named("frames");
    try (Backend backend = kind.open();
        Matrix a = Stiefel.random(backend, DType.F64, 6, p, random);
        Matrix b = Stiefel.random(backend, DType.F64, 6, q, random);
        Matrix pa = Stiefel.projector(backend, a);
        Matrix pb = Stiefel.projector(backend, b);
        Matrix outside = backend.copyOf(a, DType.F64)) {
      SubspaceDistances distances = Subspaces.compare(backend, a, b);
      assertEquals(backend.distance(pa, pb), distances.projectorDistance(), 1e-13);
      backend.gemm(Transpose.NO, Transpose.NO, -1, pb, a, 1, outside);
      assertEquals(backend.norm(outside) / Math.sqrt(p), distances.projectionDistance(), 1e-13);
      SubspaceDistances back = Subspaces.compare(backend, b, a);
      assertArrayEquals(distances.principalAngles(), back.principalAngles(), 1e-13);
      assertTrue(distances.chordal() <= distances.procrustes() + 1e-15
          && distances.procrustes() <= distances.geodesic() + 1e-15, "they are ordered");
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void everyRetractionIsOneToFirstOrder(@ForAll TestBackend kind, @ForAll Retraction retraction,
      @ForAll @IntRange(min = 1, max = 4) int z, @ForAll @IntRange(min = 0, max = 1000) int seed) {
    var random = RandomStreams.of(seed).named("retraction");
    try (Backend backend = kind.open();
        Matrix w = Stiefel.random(backend, DType.F64, 6, z, random);
        Matrix direction = Stiefel.random(backend, DType.F64, 6, z, random);
        Matrix small = backend.zeros(DType.F64, z, z);
        Matrix moved = backend.copyOf(w, DType.F64);
        var retractor = new Retractor(backend, retraction, DType.F64, 6, z)) {
      retractor.stepAlong(moved, direction, 1e-5);
      assertTrue(Stiefel.defect(backend, moved) <= 1e-14, "a frame stays a frame");
      Stiefel.removeSpan(backend, w, direction, small);
      backend.add(1e-5, direction, 1, w);
      assertEquals(0, backend.distance(w, moved), 1e-9, "W + ηH to first order");
    }
  }
}
