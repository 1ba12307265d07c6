package io.contraspectra.core.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.manifold.EffectiveRank;
import io.contraspectra.core.manifold.Representations;
import io.contraspectra.core.manifold.SubspaceDistances;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.Matrix;
import java.util.List;

/** Distances of subspaces and representations, effective ranks; tolerances of the manifests. */
class SubspaceGoldenTest {

  private static final double TOLERANCE = 1e-12;

  @EveryBackend
  void distancesOfSubspaces(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-metrics")) {
      for (String name : List.of("c0_", "c1_", "c2_")) {
        try (Matrix a = golden.matrix(name + "W1", backend); Matrix b = golden.matrix(name + "W2", backend)) {
          SubspaceDistances distances = Subspaces.compare(backend, a, b);
          assertArrayEquals(golden.doubles(name + "angles"), distances.principalAngles(), TOLERANCE, name);
          assertEquals(golden.number(name + "projF"), distances.projectorDistance(), TOLERANCE, name);
          assertEquals(golden.number(name + "chordal"), distances.chordal(), TOLERANCE, name);
          assertEquals(golden.number(name + "geodesic"), distances.geodesic(), TOLERANCE, name);
          assertEquals(golden.number(name + "procrustes"), distances.procrustes(), TOLERANCE, name);
          assertEquals(golden.number(name + "spectral"), distances.spectral(), TOLERANCE, name);
        }
      }
    }
  }

  @EveryBackend
  void effectiveRanks(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-metrics")) {
      for (String name : List.of("c0_", "c1_", "c2_")) {
        try (Matrix m = golden.matrix(name + "M", backend)) {
          EffectiveRank rank = EffectiveRank.of(backend, m);
          assertEquals(golden.number(name + "erank"), rank.erank(), TOLERANCE, name);
          assertEquals(golden.number(name + "prank"), rank.prank(), TOLERANCE, name);
          assertEquals(golden.number(name + "srank"), rank.srank(), TOLERANCE, name);
        }
      }
    }
  }

  @EveryBackend
  void distancesOfRepresentations(Backend backend) {
    for (String file : List.of("ntk/shared-orth-erf", "ntk/shared-orth-relu")) {
      try (Golden golden = Golden.open(file);
          Matrix a = golden.matrix("mA", backend);
          Matrix b = golden.matrix("mB", backend);
          Matrix q1 = golden.matrix("mQ1", backend);
          Matrix q2 = golden.matrix("mQ2", backend)) {
        golden.assertClose("m_procrustes", new double[] {Representations.procrustesMisfit(backend, a, b)}, 1e-9);
        golden.assertClose("m_cka", new double[] {Representations.linearCka(backend, a, b)}, 1e-9);
        golden.assertClose("m_angles", Subspaces.compare(backend, a, b).principalAngles(), 1e-9);
        golden.assertClose(
            "m_projdist", new double[] {Subspaces.compare(backend, q1, q2).projectionDistance()}, 1e-9);
      }
    }
  }
}
