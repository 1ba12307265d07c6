package io.contraspectra.core.spectral;

import static io.contraspectra.core.spectral.Descents.K;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The optima of squared SimCLR and of the spectral contrastive loss are what descent reaches. */
class FactorisationDescentTest {

  private final Descents descents = new Descents();

  @AfterEach
  void close() {
    descents.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void squaredSimClr(boolean centred) {
    PlainLoss loss = PlainLoss.factorisation(centred ? PlainLoss.doublyCentred(descents.g) : descents.g);
    descents.reached(loss, () -> SquaredSimClr.embedding(descents.backend, descents.graph, K, centred), z -> z);
    descents.linear(loss, x -> SquaredSimClr.linear(descents.backend, x, descents.graph, K, centred));
  }

  @Test
  void spectralContrastive() {
    PlainLoss loss = PlainLoss.spectralContrastive(descents.g);
    descents.reached(loss, () -> SpectralContrastive.embedding(descents.backend, descents.graph, K), z -> z);
    descents.linear(loss, x -> SpectralContrastive.linear(descents.backend, x, descents.graph, K));
  }
}
