package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train --data}: views, batches, records, checkpoints. */
class TrainOnDataTest {

  private static final String SMALL = "train --data wine --widths 13,12,4 --activation tanh --init standard "
      + "--optimizer adam --batch 32 --loss ";

  @TempDir
  private Path folder;

  private static CliRun run(String line, Object... more) {
    return CliRun.of(Stream.concat(Stream.of((Object[]) line.trim().split(" +")), Stream.of(more)).toArray());
  }

  private String npy(String name, long rows, long cols) {
    Path file = folder.resolve(name);
    var random = new Random(name.hashCode());
    double[] values = random.doubles(rows * cols).map(_ -> random.nextGaussian()).toArray();
    Npy.write(file, IfExists.REPLACE, NpyArray.of(values, rows, cols));
    return file.toString();
  }

  @Test
  void recordsEverythingThatItKnows() throws IOException {
    Path out = folder.resolve("net.npz");
    JsonObject json = run("train --data digits --widths 64,24,8 --activation relu --optimizer adam --batch 64"
        + " --augment shift=1,scale=.8:1.2,noise=.1 --loss infonce-cos --steps 6 --every 4 --json --track"
        + " loss,grad-norm,ntk-drift,erank,covariance-rank,alignment,uniformity,knn,probe,subspace:"
        + npy("reference.npy", 24, 8), "--out", out).json();
    assertEquals(Set.of("steps", "diverged", "loss", "grad_norm", "ntk_drift", "erank", "covariance_rank", "alignment",
        "uniformity", "knn", "probe", "subspace", "samples_per_second"), json.keySet());
    assertEquals(6, json.get("steps").getAsInt());
    assertTrue(json.get("knn").getAsDouble() > 0.5 && json.get("knn").getAsDouble() <= 1);
    assertTrue(json.get("probe").getAsDouble() > 0.3);
    assertTrue(json.get("erank").getAsDouble() > 1 && json.get("erank").getAsDouble() <= 8);
    assertTrue(json.get("alignment").getAsDouble() > 0 && json.get("uniformity").getAsDouble() < 0);
    assertTrue(json.get("subspace").getAsDouble() > 0 && json.get("subspace").getAsDouble() <= 1);
    List<String> csv = Files.readAllLines(folder.resolve("net.csv"));
    assertEquals("step,loss,grad-norm,ntk-drift,erank,covariance-rank,alignment,uniformity,knn,probe,subspace,"
        + "samples-per-second", csv.getFirst());
    assertEquals(List.of("0", "4", "6"), csv.stream().skip(1).map(row -> row.split(",")[0]).toList());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      alpha-infonce --alpha backprop --param eps=0
      alpha-direct --positives class
      vicreg --schedule cosine --warm-up 2 --weight-decay 1e-4 --clip 1
      cos-logistic --schedule step:3:.5
      infonce-dot --orthogonal-output geodesic --lr-output .1
      ntxent --dtype f32 --epochs 1
      nnclr --queue 50
      simsiam-cos
      """)
  void sameSeedSameBytes(String options) throws IOException {
    Path first = folder.resolve("first.npz");
    Path again = folder.resolve("again.npz");
    String steps = options.contains("--epochs") ? "" : " --steps 5";
    run(SMALL + options + steps + " --threads 1", "--out", first).succeeded();
    run(SMALL + options + steps + " --threads 3", "--out", again).succeeded();
    assertEquals(-1, Files.mismatch(first, again));
  }

  @Test
  void twoTowersAndLbfgs() {
    Path out = folder.resolve("clip.npz");
    run("train --data " + npy("a.npy", 40, 5) + " --data2 " + npy("b.npy", 40, 3) + " --widths 5,8,2 --widths2 3,2"
        + " --activation relu --loss clip-cos --steps 4 --lr .1", "--out", out).succeeded();
    assertTrue(Files.exists(folder.resolve("clip.second.npz")));
    String line = "train --data " + npy("x.npy", 30, 4) + " --data2 " + npy("y.npy", 30, 4)
        + " --widths 4,6,3 --activation tanh --loss ntxent --optimizer lbfgs --json --steps ";
    double start = run(line + 0).json().get("loss").getAsDouble();
    assertTrue(run(line + 20).json().get("loss").getAsDouble() < start - 0.5);
    // Of random signs and not symmetric.
    String graph = npy("graph.npy", 20, 20);
    refused("train --data " + npy("g.npy", 20, 4) + " --widths 4,6,3 --activation tanh --loss graph-spectral --graph "
        + graph, "graph");
  }

  @Test
  void goesOnWhereItStopped() throws IOException {
    Path kept = folder.resolve("kept");
    Path whole = folder.resolve("whole.npz");
    Path parts = folder.resolve("parts.npz");
    String line = SMALL + "infonce-cos --track loss,probe --every 2";
    run(line + " --steps 9", "--out", whole).succeeded();
    run(line + " --steps 5 --checkpoint " + kept).succeeded();
    run(line + " --steps 9 --resume --checkpoint " + kept, "--out", parts).succeeded();
    assertEquals(-1, Files.mismatch(whole, parts));
    assertEquals(withoutRates("whole.csv"), withoutRates("parts.csv"));
  }

  @ParameterizedTest
  @CsvSource({"nnclr --queue 50, queue, 50", "simsiam-mse, predictor, 4", "simsiam-cos --predictor FILE, predictor, 4"})
  void whatTheLossLearnsGoesOnToo(String options, String array, int rows) throws IOException {
    String start = npy("start.npy", 4, 4);
    String line = SMALL + options.replace("FILE", start);
    Path kept = folder.resolve("kept");
    run(line + " --steps 9", "--out", folder.resolve("whole.npz")).succeeded();
    run(line + " --steps 5 --checkpoint " + kept).succeeded();
    run(line + " --steps 9 --resume --checkpoint " + kept, "--out", folder.resolve("parts.npz")).succeeded();
    Path whole = folder.resolve("whole." + array + ".npy");
    for (String file : List.of(".npz", "." + array + ".npy")) {
      assertEquals(-1, Files.mismatch(folder.resolve("whole" + file), folder.resolve("parts" + file)), file);
    }
    assertArrayEquals(new long[] {rows, 4}, Npy.read(whole).shape());
    assertNotEquals(-1, Files.mismatch(Path.of(start), whole), "it has moved");
    Files.delete(folder.resolve("whole.npz"));
    Files.delete(folder.resolve("whole.csv"));
    refused(line + " --steps 1 --out " + folder.resolve("whole.npz"), array + ".npy exists already");
  }

  /** Digits that are alike come together, though NNCLR never pulls the first view, and SimSiam has no negatives. */
  @ParameterizedTest
  @CsvSource({"nnclr --queue 256, 2, 0.80", "simsiam-cos, -0.99, 0.70"})
  void nnclrAndSimSiamLearn(String options, double loss, double neighbours) {
    JsonObject end = run("train --data digits --widths 64,24,8 --activation relu --init standard --optimizer adam"
        + " --batch 64 --lr .01 --track loss,knn --every 60 --steps 60 --json --loss " + options).json();
    assertTrue(end.get("loss").getAsDouble() < loss, end::toString);
    assertTrue(end.get("knn").getAsDouble() > neighbours, end::toString);
  }

  private List<String> withoutRates(String file) throws IOException {
    return Files.readAllLines(folder.resolve(file)).stream().map(row -> row.substring(0, row.lastIndexOf(','))).toList();
  }

  /** Killed at random moments without warning, again and again, the run ends with the bytes of one that was not. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "destroyForcibly is SIGKILL there")
  void survivesSigkill() throws Exception {
    Path whole = folder.resolve("whole.npz");
    Path out = folder.resolve("killed.npz");
    Path kept = folder.resolve("kept");
    String line = SMALL + "vicreg --steps 1200";
    run(line, "--out", whole).succeeded();
    var random = new Random(7);
    int kills = 0;
    while (!Files.exists(out)) {
      var arguments = new ArrayList<>(List.of(Main.class.getName()));
      arguments.addAll(List.of((line + " --checkpoint-every 3 --checkpoint " + kept).split(" +")));
      arguments.addAll(List.of("--out", out.toString()));
      if (Files.exists(kept.resolve("checkpoint.npz"))) {
        arguments.add("--resume");
      }
      ChildProcess child = ChildProcess.start(
          folder, Map.of("HOME", System.getProperty("user.home")),
          ChildProcess.java(arguments.toArray(String[]::new)));
      if (kills < 4) {
        awaitAndKill(child, kept, random.nextInt(400));
        kills++;
      } else {
        assertEquals(ExitCodes.DONE, child.exitCode(), child.errors());
      }
    }
    assertEquals(-1, Files.mismatch(whole, out), "after " + kills + " kills");
  }

  private static void awaitAndKill(ChildProcess child, Path kept, int delay) throws Exception {
    Path file = kept.resolve("checkpoint.npz");
    var before = Files.exists(file) ? Files.getLastModifiedTime(file) : null;
    for (int i = 0; i < 1500 && child.process().isAlive(); i++) {
      Thread.sleep(20);
      if (Files.exists(file) && !Files.getLastModifiedTime(file).equals(before)) {
        break;
      }
    }
    Thread.sleep(delay);
    child.process().destroyForcibly().waitFor();
  }

  @Test
  void foreignAndBrokenCheckpoints() throws IOException {
    Path kept = folder.resolve("kept");
    String line = SMALL + "ntxent --steps 3 --checkpoint " + kept;
    run(line).succeeded();
    refused(line, "holds the state of an earlier run; go on with --resume, replace it with --force");
    refused(line + " --resume --seed 5", "belongs to another run: it was written with seed=0, this one has seed=5");
    refused(line + " --resume --lr 0.1", "belongs to another run");
    refused(line + " --resume --track loss,erank", "recorded loss, this run records loss,erank");
    Path file = kept.resolve("checkpoint.npz");
    byte[] bytes = Files.readAllBytes(file);
    for (int cut : new int[] {0, 40, bytes.length / 2, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, cut));
      refused(line + " --resume", "checkpoint.npz");
    }
    bytes[bytes.length / 3] ^= 0x55;
    Files.write(file, bytes);
    refused(line + " --resume", "checkpoint.npz");
    refused(SMALL + "ntxent --resume", "give its folder as --checkpoint DIR");
    refused(SMALL + "ntxent --resume --checkpoint " + folder.resolve("none"), "there is no checkpoint");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      ntxent --batch 1000                    | batches of 1000 samples: wine has 178; give a batch of 1 to 178
      ntxent --batch 0                       | batches of 0 samples
      ntxent --optimizer gd                  | gd takes all 178 samples at every step
      ntxent --optimizer lbfgs               | lbfgs needs the same batch at every step
      ntxent --optimizer adma                | unknown optimizer 'adma'; did you mean adam?
      ntxent --augment nois=1                | unknown augmentation 'nois'; did you mean noise?
      ntxent --augment shift=1               | shift needs square images
      ntxent --augment noise=x               | 'x' is no number
      ntxent --orthogonal-output qt          | unknown retraction 'qt'
      ntxent --lr-output .1                  | give --orthogonal-output too
      ntxent --schedule linear               | unknown schedule 'linear'
      ntxent --steps 3 --epochs 2            | give either --steps or --epochs
      ntxent --alpha backprop                | --alpha backprop is for losses with a pairwise importance
      ntxent --track subspace:missing.npy    | missing.npy does not exist
      ntxent --track subspace                | give subspace:REF.npy
      ntxent --every 0                       | every 0 steps
      ntxent --checkpoint-every 0 --checkpoint kept | checkpoints every 0 steps
      dot-exp --widths2 13,4                 | two towers need a loss of two views
      ntxent --clip 0                        | clipped to norm 0
      ntxent --weight-decay -1               | weight decay is -1
      ntxent --positives klass               | Invalid value for option '--positives'
      ntxent --param temperature=1           | temperature
      nnclr                                  | queue
      nnclr --queue 0                        | must have at least one row
      nnclr --queue 99999999999              | cannot be held
      nnclr --queue missing.npy              | missing.npy does not exist
      ntxent --queue 8                       | ntxent takes no array 'queue'
      simsiam-cos --queue 8                  | simsiam-cos takes no array 'queue', only predictor
      simsiam-cos --predictor missing.npy    | missing.npy does not exist
      nnclr --queue 8 --optimizer lbfgs      | lbfgs needs the same batch
      graph-spectral                         | graph
      vicreg --triplets a,b,c                | give either --data D, or --triplets
      """)
  void optionsThatMakeNoSense(String options, String expected) {
    String small = SMALL;
    for (String given : new String[] {"--batch", "--optimizer"}) {
      small = options.contains(given) ? small.replaceFirst(given + " \\S+ ", "") : small;
    }
    String line = small + options.replace("kept", folder.resolve("kept").toString());
    refused(options.contains("--steps") ? line : line + " --steps 2", expected);
  }

  private static void refused(String line, String expected) {
    CliRun run = run(line);
    assertEquals(ExitCodes.BAD_INPUT, run.code(), run.err());
    assertTrue(run.err().contains(expected), run.err());
    assertTrue(run.errorLines().size() <= 3, run.err());
  }
}
