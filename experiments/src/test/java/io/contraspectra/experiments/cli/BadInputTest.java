package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a user gets wrong in files, and what no command can help: the exit code, one to three lines that name what is wrong, where, and the remedy, nothing on
 * standard output, and no file written or changed. See {@link Refusals} for the notation.
 */
class BadInputTest extends Refusals {

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      @missing.npy   | @missing.npy does not exist; check the path
      @column.npy    | --input @column.npy has 1 columns, but the network of widths [3, 5, 2] takes 3; give
      @nan.npy       | --input @nan.npy has a NaN or infinite entry at row 1, column 2; remove or replace it
      @truncated.npy | @truncated.npy: header says shape (4, 3) of <f8 = 96 bytes, but 88 bytes follow; … write it again
      @short.npy     | @short.npy: header of … ends after 10; the file is truncated, write it again
      @lying.npy     | @lying.npy: header says shape (9, 9) of <f8 = 648 bytes, but 96 bytes follow; … write it again
      @junk.npy      | @junk.npy: NPY header needs '{' …; the file is damaged or foreign, save it with numpy.save
      @cube.npy      | @cube.npy has shape (2, 2, 2), a matrix of rows x columns is needed here; reshape it
      @binary.dat    | @binary.dat is no data file that is known here; give .npy, .csv
      @empty.csv     | @empty.csv holds no rows of numbers; a CSV file needs one sample a line
      @ragged.csv    | @ragged.csv, line 2: 2 columns, the lines before have 3; give every line the same
      @words.csv     | @words.csv, line 2, column 2: 'two' is not a finite number; correct or remove it
      @folder        | @folder cannot be read: it is a folder; give a file
      @net.npz       | @net.npz holds the arrays [… where one data matrix is needed; save
      """)
  void dataThatCannotBeUsed(String input, String expected) throws IOException {
    assertRefused("ntk --model @net.npz --out @gram.npy --input " + input, "contraspectra ntk: " + expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      @missing.npz | @missing.npz does not exist; check the path
      @folder      | @folder cannot be read: it is a folder; give a file
      @x.npy       | @x.npy is not a whole NPZ archive: …; write it again with numpy.savez
      @junk.npz    | @junk.npz is not a whole NPZ archive: …; write it again with numpy.savez
      @gap.npz     | @gap.npz has weights of the layers [1, 3]; they must be W1, W2, ... without a gap
      @unfit.npz   | @unfit.npz, array W2: shape (2, 4) …, but the layer before has 5 outputs; here a weight needs
      @silent.npz  | @silent.npz does not say which activation it uses; add … or choose one (--activation)
      @swish.npz   | @swish.npz, array activation: unknown activation 'swish'; did you mean …? Known are relu, erf
      @broken.npz  | @broken.npz: W2 has a NaN or infinite entry at row 0, column 0; remove or replace it
      """)
  void networksThatCannotBeUsed(String model, String expected) throws IOException {
    assertRefused("ntk --input @x.npy --out @gram.npy --model " + model, "contraspectra ntk: " + expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      ntk-drift --seeds 0              | 0 seeds; at least 1 repetition is needed
      grassmann-dynamics --dtype f32   | grassmann-dynamics measures differences of 1e-9 and below, which f32 cannot show
      alpha-cl --dtype f32             | alpha-cl measures differences of 1e-12, which f32 cannot show; leave --dtype at
      gmm-fisher --dtype f32           | gmm-fisher measures angles and gradients to 1e-12, which f32 cannot show
      gmm-fisher --data @missing.csv   | @missing.csv does not exist; check the path
      spectral-equivalence --dtype f32 | spectral-equivalence measures differences of 1e-9 and below, which f32 cannot
      alpha-cl --data @x.npy           | @x.npy has no labels; give a CSV file with a column 'label'
      spectral-equivalence --data @x.npy | @x.npy has no labels; give a CSV file with a column 'label'
      grassmann-dynamics --data x.csv  | x.csv does not exist; check the path
      ntk-drift --seed abc             | Invalid value for option '--seed': 'abc' is not a long
      ntk-drift --data @missing.csv    | @missing.csv does not exist; check the path
      ntk-drift --data @ragged.csv     | @ragged.csv, line 2: 2 columns, the lines before have 3
      ntk-drift --data @x.npy          | cannot draw 16 triplets from the 4 samples of @x.npy
      ntk-drfit                        | unknown experiment 'ntk-drfit'; did you mean ntk-drift?
      ntk-drift --out @x.npy           | @x.npy is a file; choose a folder for the report
      --quick                          | Missing required parameter: 'NAME'
      """)
  void argumentsOfReproduce(String arguments, String expected) throws IOException {
    String out = arguments.contains("--out") ? "" : " --out @report";
    assertRefused("reproduce " + arguments + out, "contraspectra reproduce: " + expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      ``             | contraspectra: a command is needed: one of info, ntk
      ntkk           | contraspectra: unknown command 'ntkk'…Did you mean ntk?
      --verison      | contraspectra: unknown option '--verison'…Did you mean --version?
      info --jsn     | contraspectra info: unknown option '--jsn'…Did you mean --json?
      losses --josn  | contraspectra losses: unknown option '--josn'…Did you mean --json?
      """)
  void commandsAndOptionsNobodyKnows(String arguments, String expected) throws IOException {
    assertRefused(arguments, expected);
    assertTrue(run(arguments).errorLines().getLast().endsWith(" --help'."));
  }

  @Test
  void workBeyondTheBudget() throws IOException {
    String budget = " of memory, the budget is 10m; give --memory ";
    assertRefused("ntk --model @net.npz --input @many.npy --memory 10m",
        "contraspectra ntk: the 2000x2000 Gram of 1000 samples and 2 outputs needs …m" + budget);
    assertRefused("ntk --model @net.npz --input @many.npy --kind trace --apply @many.npy --memory 200k",
        "contraspectra ntk: the product of 3 vectors with the 1000x1000 Gram of 1000 samples and 2 outputs"
            + " needs …m of memory, the budget is 1m; give --memory …m");
    assertRefused("jacobian --model @net.npz --input @many.npy --memory 0.1m",
        "contraspectra jacobian: the Jacobian of 1000 samples, 2 outputs and 25 parameters needs 1m of memory");
    assertRefused("infinite-ntk --input @many.npy --layers 2 --activation erf --json --memory 10m",
        "contraspectra infinite-ntk: a pair of kernels of 1000 samples needs 16m" + budget);
    assertRefused("loss --name dot-ntxent --f @many.npy --p @many.npy --q @many.npy --memory 1m",
        "contraspectra loss: dot-ntxent of 1000 samples needs …m of memory, the budget is 1m; give --memory ");
    Npy.write(folder.resolve("labels.npy"), IfExists.REFUSE, ones(1000, 1));
    Npy.write(folder.resolve("square.npy"), IfExists.REFUSE, ones(1000, 1000));
    for (String relation : List.of("--labels @labels.npy", "--graph @square.npy")) {
      assertRefused("embed --method simclr --dims 2 --memory 10m " + relation, "contraspectra embed: a relation of 1000"
          + " samples with 1000000 entries needs 27m" + budget);
    }
    assertRefused("embed --method isomap --input @many.npy --knn 5 --dims 2 --memory 10m",
        "contraspectra embed: isomap of 1000 samples needs 16m" + budget);
    String train = "train --loss cos-ntxent --triplets @many.npy,@many.npy,@many.npy --memory ";
    assertRefused(train + "1m --model @net.npz",
        "contraspectra train: training on 1000 triplets needs …m of memory, the budget is 1m; give --memory ");
    assertRefused(train + "10m --widths 3,900000,90000 --activation erf",
        "contraspectra train: a network of widths [3, 900000, 90000] needs 603.6g" + budget);
  }

  @Test
  void aBackendThatIsNotThere() throws IOException {
    System.setProperty("contraspectra.cuda.driver", "nowhere"); // loaded once: no device of this machine is used
    assertRefused(ExitCodes.UNAVAILABLE, "ntk --model @net.npz --input @x.npy --out @gram.npy --backend cuda",
        "contraspectra ntk: backend 'cuda' is unavailable: cannot load CUDA driver; tried:…\n"
            + "remedy: install NVIDIA's driver (CUDA 12.0 or newer), or compute on the processors with --backend cpu");
  }

  @Test
  void aFullDisk() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "only Linux has a device that is always full");
    assertRefused(ExitCodes.ENVIRONMENT, "ntk --model @net.npz --input @x.npy --out " + full,
        "contraspectra ntk: /dev/full cannot be written: …; check free space");
  }

  @Test
  void aFileWithoutPermission() throws IOException {
    Path secret = folder.resolve("x.npy");
    assertTrue(secret.toFile().setReadable(false));
    assumeFalse(Files.isReadable(secret), "this user may read everything");
    CliRun run = run("ntk --model @net.npz --input @x.npy");
    assertEquals(ExitCodes.BAD_INPUT, run.code());
    String expected = "contraspectra ntk: @x.npy cannot be read: permission denied; check the file";
    assertTrue(matches(expected, run.err()), run.err());
  }

  @Test
  void onlyDebugShowsTheStack() {
    String arguments = "ntk --model @net.npz --input @missing.npy";
    assertFalse(run(arguments).err().contains("\tat "));
    CliRun debug = run(arguments + " --debug");
    assertTrue(debug.err().contains("\tat io.contraspectra.core"), debug.err());
    assertEquals(ExitCodes.BAD_INPUT, debug.code());
  }
}
