package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.contraspectra.core.data.Npz;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code loss} on every style of arrays, and the catalogue that lists them. */
class LossStylesTest {

  private static final String DYN = "../dyn/shared-losses";
  private static final String SPEC = "../spec/shared-losses";

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"c0", "c1", "c2", "c3"})
  void alphaLosses(String name) {
    for (String row : List.of("infonce", "mine", "triplet", "soft_triplet", "nplus1", "lifted", "mod_triplet",
        "triplet_contrastive", "infonce_eps0")) {
      String prefix = name + "_" + row + "_";
      var arguments = new ArrayList<Object>();
      double[] constants = Golden.array(DYN, prefix + "param").toDoubles();
      for (int i = 0; i < constants.length; i++) {
        if (!Double.isNaN(constants[i])) {
          arguments.addAll(List.of("--param", List.of("tau", "eps", "c").get(i) + "=" + constants[i]));
        }
      }
      arguments.addAll(List.of("--z", npy(DYN, name + "_z"), "--zp", npy(DYN, name + "_zp"), "--mask",
          npy(DYN, name + "_mask")));
      double loss = 0;
      for (double part : Golden.array(DYN, prefix + "loss_i").toDoubles()) {
        loss += part;
      }
      Path out = folder.resolve(prefix + ".npz");
      String command = "alpha-" + row.replace("_eps0", "").replace('_', '-');
      Golden.assertClose(loss, value(command, out, arguments), 1e-12);
      try (Npz gradients = Npz.open(out)) {
        assertEquals(Set.of("dZ", "dZP", "alpha"), gradients.names());
        Golden.assertClose(Golden.array(DYN, prefix + "gz"), gradients.get("dZ"), 1e-12);
        Golden.assertClose(Golden.array(DYN, prefix + "gzp"), gradients.get("dZP"), 1e-12);
        Golden.assertClose(Golden.array(DYN, prefix + "alpha"), gradients.get("alpha"), 1e-12);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      infonce-dot,    infonce_dot,     ''
      infonce-cos,    infonce_cos,     --tau 0.2
      ntxent,         ntxent,          ''
      clip-cos,       clip_cos,        ''
      nnclr,          nnclr,           --queue @nnclr_queue
      simsiam-cos,    simsiam_cos,     --predictor @P
      simsiam-mse,    simsiam_mse,     --predictor @P
      vicreg,         vicreg,          ''
      barlow,         barlow,          ''
      barlow,         barlow_eps0,     --param eps=0 --param lambda=.5
      spectral-batch, spectral_batch,  ''
      """)
  void viewLosses(String name, String prefix, String options) {
    List<Object> arguments = arguments("--za @Za --zb @Zb " + options);
    Path out = folder.resolve("views.npz");
    Golden.assertClose(Golden.array(SPEC, prefix + "_loss").toDouble(), value(name, out, arguments), 1e-10);
    try (Npz gradients = Npz.open(out)) {
      assertEquals(name.startsWith("simsiam") ? Set.of("dZA", "dZB", "dP") : Set.of("dZA", "dZB"), gradients.names());
      Golden.assertClose(Golden.array(SPEC, prefix + "_gradB"), gradients.get("dZB"), 1e-10);
      if (name.equals("nnclr")) {
        for (double g : gradients.get("dZA").toDoubles()) {
          assertEquals(0, g);
        }
      } else {
        Golden.assertClose(Golden.array(SPEC, prefix + "_gradA"), gradients.get("dZA"), 1e-10);
      }
      if (name.startsWith("simsiam")) {
        Golden.assertClose(Golden.array(SPEC, prefix + "_gradP"), gradients.get("dP"), 1e-10);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      graph-vicreg-sq,    graph_vicreg_sq,       --param alpha=2 --param beta=3 --param gamma=.4
      graph-vicreg-sq,    graph_vicreg_sq_ddof1, --param alpha=2 --param beta=3 --param gamma=.4 --param ddof=1
      graph-vicreg-hinge, graph_vicreg_hinge,    --param alpha=2 --param beta=3 --param gamma=.4
      graph-spectral,     graph_spectral,        ''
      graph-simclr-sq,    graph_simclr_sq,       ''
      graph-infonce-cos,  graph_infonce_cos,     ''
      graph-infonce-dist, graph_infonce_dist,    --tau 2
      graph-barlow,       graph_barlow,          ''
      """)
  void graphLosses(String name, String prefix, String options) {
    Path out = folder.resolve("graph.npz");
    List<Object> arguments = arguments("--z @Za --graph @G " + options);
    Golden.assertClose(Golden.array(SPEC, prefix + "_loss").toDouble(), value(name, out, arguments), 1e-10);
    try (Npz gradients = Npz.open(out)) {
      assertEquals(Set.of("dZ"), gradients.names());
      Golden.assertClose(Golden.array(SPEC, prefix + "_grad"), gradients.get("dZ"), 1e-10);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      alpha-mine --z @Za                        | alpha-mine needs --zp FILE; it reads --z --zp --mask
      alpha-mine --z @Za --zp @Zb --mask @G     | alpha-mine: the mask has
      alpha-mine --z @Za --zp @Zb --tau 1       | unknown parameter of alpha-mine 'tau'; did you mean
      alpha-lifted --z @Za --zp @Zb --param backprop=true | unknown parameter of alpha-lifted 'backprop'
      alpha-inverse --z @Za --zp @Zb --param fixed=maybe  | fixed is 'maybe'; it must be true or false
      alpha-direct --z @Za --zp @P              | --zp @P is (4x4), --z is (8x4); --z, --zp must have one shape
      nnclr --za @Za --zb @Zb                   | nnclr needs the array 'queue'
      nnclr --za @Za --zb @Zb --queue @G        | nnclr: queue(8x8) F64 must have at least one row of 4 columns
      simsiam-cos --za @Za --zb @Zb --predictor @G | simsiam-cos: predictor(8x8) F64 must be 4x4 F64
      infonce-cos --za @Za --zb @Zb --queue @Za | --queue means nothing to infonce-cos, which reads --za --zb
      vicreg --za @Za --zb @Zb --param invarance=1 | unknown parameter of vicreg 'invarance'; did you mean invariance
      spectral-batch --za @Za --zb @Zb --tau 1  | spectral-batch has no parameters, so 'tau' means nothing to it
      graph-spectral --z @Za                    | graph-spectral needs the array 'graph'
      graph-spectral --z @Za --graph @P         | graph-spectral: graph(4x4) F64 must be 8x8 F64
      graph-spectral --z @P --graph @P          | graph-spectral: the graph
      graph-vicreg-sq --z @Za --graph @G --param beta=1 | graph-vicreg-sq has no default for alpha, gamma; give --param
      """)
  void whatCannotBeEvaluated(String arguments, String expected) {
    var line = new ArrayList<Object>(List.of("loss", "--name"));
    line.addAll(arguments(arguments));
    CliRun run = CliRun.of(line.toArray());
    assertEquals(ExitCodes.BAD_INPUT, run.code(), run.err());
    String error = run.err().replace(folder.toString(), "").replaceAll("\\S*-(\\w+)\\.npy", "@$1");
    assertTrue(error.contains("contraspectra loss: " + expected), error);
  }

  @Test
  void theCatalogueNamesParametersAndArrays() {
    JsonObject json = CliRun.of("losses", "--json").json();
    List<JsonObject> losses = StreamSupport.stream(json.getAsJsonArray("losses").spliterator(), false)
        .map(JsonElement::getAsJsonObject).toList();
    assertEquals(41, losses.size());
    JsonObject vicreg = losses.stream().filter(loss -> loss.get("name").getAsString().equals("graph-vicreg-sq"))
        .findFirst().orElseThrow();
    assertEquals("graph", vicreg.get("style").getAsString());
    assertEquals("[\"z\",\"graph\"]", vicreg.get("arrays").toString());
    assertTrue(vicreg.getAsJsonObject("parameters").get("gamma").isJsonNull());
    assertEquals(0, vicreg.getAsJsonObject("parameters").get("ddof").getAsDouble());
    String text = CliRun.of("losses").succeeded().out();
    assertTrue(text.contains("views: --za --zb, N x K each -> dZA dZB"), text);
    assertTrue(text.contains("alpha (required), beta (required), gamma (required), ddof = 0, --graph"), text);
  }

  private double value(String name, Path out, List<Object> arguments) {
    var line = new ArrayList<Object>(List.of("loss", "--name", name, "--json", "--force", "--out", out));
    line.addAll(arguments);
    return CliRun.of(line.toArray()).json().get("loss").getAsDouble();
  }

  /** Words, of which {@code @NAME} is a file of that array. */
  private List<Object> arguments(String line) {
    var words = new ArrayList<Object>();
    for (String word : line.strip().split("\\s+")) {
      words.add(word.startsWith("@") ? npy(SPEC, word.substring(1)) : word);
    }
    return words;
  }

  private Path npy(String archive, String name) {
    return Golden.npy(folder, archive, name);
  }
}
