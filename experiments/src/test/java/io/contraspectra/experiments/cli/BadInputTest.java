package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Everything a user can get wrong: the exit code, one to three lines that name what is wrong, where, and the remedy,
 * nothing on standard output, and no file written or changed.
 *
 * <p>In command lines {@code @name} is a file of the test's folder; {@code …} in what is expected stands for any text.
 */
class BadInputTest {

  @TempDir
  private Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    Npy.write(folder.resolve("x.npy"), IfExists.REFUSE, ones(4, 3));
    Npy.write(folder.resolve("three.npy"), IfExists.REFUSE, ones(3, 3));
    Npy.write(folder.resolve("column.npy"), IfExists.REFUSE, ones(4, 1));
    Npy.write(folder.resolve("many.npy"), IfExists.REFUSE, ones(1000, 3));
    Npy.write(folder.resolve("cube.npy"), IfExists.REFUSE, ones(2, 2, 2));
    Npy.write(folder.resolve("nan.npy"), IfExists.REFUSE, NpyArray.of(new double[] {1, 2, 3, 4, 5, Double.NaN}, 2, 3));
    byte[] whole = Files.readAllBytes(folder.resolve("x.npy"));
    Files.write(folder.resolve("truncated.npy"), Arrays.copyOf(whole, whole.length - 8));
    Files.write(folder.resolve("short.npy"), Arrays.copyOf(whole, 20));
    Files.write(folder.resolve("lying.npy"), new String(whole, StandardCharsets.ISO_8859_1)
        .replace("(4, 3)", "(9, 9)").getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(folder.resolve("junk.npy"), "\u0093NUMPY\u0001\u0000\u0010\u0000garbage garbage garbage",
        StandardCharsets.ISO_8859_1);
    Files.writeString(folder.resolve("binary.dat"), "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008");
    Files.createFile(folder.resolve("empty.csv"));
    Files.writeString(folder.resolve("ragged.csv"), "1,2,3\n1,2\n");
    Files.writeString(folder.resolve("words.csv"), "1,2,3\n1,two,3\n");
    Files.writeString(folder.resolve("taken.npy"), "precious");
    Files.writeString(folder.resolve("taken.csv"), "precious");
    Files.createDirectory(folder.resolve("folder"));
    NpyArray relu = NpyArray.of("relu");
    net("net", Map.of("W1", ones(5, 3), "W2", ones(2, 5), "activation", relu));
    net("one", Map.of("W1", ones(5, 3), "W2", ones(1, 5), "activation", relu));
    net("silent", Map.of("W1", ones(5, 3), "W2", ones(2, 5)));
    net("gap", Map.of("W1", ones(5, 3), "W3", ones(2, 5), "activation", relu));
    net("unfit", Map.of("W1", ones(5, 3), "W2", ones(2, 4), "activation", relu));
    net("swish", Map.of("W1", ones(5, 3), "activation", NpyArray.of("swish")));
    net("broken", Map.of("W1", ones(1, 3), "W2", NpyArray.of(new double[] {Double.NaN}, 1, 1), "activation", relu));
    Files.writeString(folder.resolve("junk.npz"), "no archive");
  }

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
      --activation rellu     | Invalid value for option '--activation': unknown activation 'rellu'; did you mean relu?
      --threads 0            | the cpu backend needs at least 1 thread, got 0
      --threads x            | Invalid value for option '--threads': 'x' is not an int
      --memory 3q            | Invalid value for option '--memory': '3q' is not an amount of memory; write e.g. 4g
      --memory 0             | Invalid value for option '--memory': '0' is not an amount of memory; write e.g. 4g
      --dtype f16            | Invalid value for option '--dtype': expected one of [F32, F64] … but was 'f16'
      --math tf32            | --math tf32 rounds products of f32 on a GPU; give --backend cuda --dtype f32 with it
      --math fast            | Invalid value for option '--math': expected one of [EXACT, TF32] … but was 'fast'
      --backend foo          | unknown backend 'foo'; did you mean …? Known are auto, cpu, cuda
      --repeat -1            | --repeat -1: it must not be negative
      --repeat               | Missing required parameter for option '--repeat' (N)
      --apply @x.npy         | --apply @x.npy has 4 rows, but the kernel has 8 columns; give a matrix of 8 x b, one
      --apply @nan.npy       | --apply @nan.npy has a NaN or infinite entry at row 1, column 2; remove or replace it
      --kind trace --apply @three.npy | --apply @three.npy has 3 rows, but the kernel has 4 columns; give a matrix
      --out @taken.npy       | @taken.npy exists already; choose another path or force overwriting (--force)
      --out @none/g.npy      | @none/g.npy: the folder @none does not exist; create it first
      --out @folder          | @folder is a folder; choose a file name in it
      --oout @g.npy          | unknown option '--oout'…Did you mean --out?
      --frobnicate           | unknown option '--frobnicate'
      @x.npy                 | unexpected argument '@x.npy'
      --model @net.npz       | option '--model' (NET.npz) should be specified only once
      """)
  void optionsOfNtk(String option, String expected) throws IOException {
    assertRefused("ntk --model @net.npz --input @x.npy " + option, "contraspectra ntk: " + expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      @missing.npy            | @missing.npy does not exist; check the path
      @column.npy             | --input @column.npy has 1 columns, but the network of widths [3, 5, 2] takes 3; give
      @nan.npy                | --input @nan.npy has a NaN or infinite entry at row 1, column 2; remove or replace it
      @x.npy --repeat -1      | --repeat -1: it must not be negative
      @x.npy --out @taken.npy | @taken.npy exists already; choose another path or force overwriting (--force)
      @x.npy --outt @j.npy    | unknown option '--outt'…Did you mean --out?
      """)
  void optionsOfJacobian(String arguments, String expected) throws IOException {
    assertRefused("jacobian --model @net.npz --input " + arguments, "contraspectra jacobian: " + expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      --layers 0 --activation erf                    | infinite ntk: 0 layers; at least one weight matrix is needed
      --layers two --activation erf                  | Invalid value for option '--layers': 'two' is not an int
      --layers 2                                     | Missing required option: '--activation=NAME'
      --layers 2 --activation erv                    | Invalid value for option '--activation': … did you mean erf?
      --layers 2 --activation erf --input-scale NaN  | infinite ntk: input scale NaN must be finite
      --layers 2 --activation erf --bias-variance -1 | infinite ntk: … bias variance -1.0 finite and not negative
      """)
  void optionsOfInfiniteNtk(String options, String expected) throws IOException {
    assertRefused("infinite-ntk --input @x.npy --out @k.npz " + options, "contraspectra infinite-ntk: " + expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      --top 2                                        | give either --matrix G.npy, or --model NET.npz with --input
      --top 2 --matrix @three.npy --model @net.npz   | give either --matrix G.npy, or --model NET.npz with --input
      --top 2 --model @net.npz                       | --model needs --input X.npy, the samples
      --top 2 --matrix @three.npy --input @x.npy     | --input belongs to --model; --matrix needs none
      --matrix @three.npy                            | give either --top K or --all
      --matrix @three.npy --top 2 --all              | give either --top K or --all
      --matrix @three.npy --all --method krylov      | --method krylov finds some pairs, not --all; give --top K, or
      --matrix @three.npy --top 4                    | --top 4: there are 3 eigenpairs; ask for 1 to 3
      --matrix @three.npy --top 0                    | --top 0: there are 3 eigenpairs; ask for 1 to 3
      --matrix @three.npy --top 1 --tol 2            | --tol 2.0: it must lie between 0 and 1
      --matrix @three.npy --top 1 --tol 0            | --tol 0.0: it must lie between 0 and 1
      --matrix @three.npy --top 1 --passes 0         | --passes 0, --landmarks null: at least one pass is needed
      --matrix @x.npy --all                          | --matrix @x.npy is 4x3; a square symmetric matrix is needed
      --matrix @skew.npy --all                       | eigensolver: A(2x2) is not symmetric: … (allowed: 1.0E-8 of it)
      --matrix @hole.npy --all                       | --matrix @hole.npy has a NaN or infinite entry at row 1, column 0
      --matrix @missing.npy --all                    | @missing.npy does not exist; check the path
      --model @net.npz --input @column.npy --all     | --input @column.npy has 1 columns, but the network of widths
      --model @net.npz --input @many.npy --all --memory 10m | a decomposition of a 2000x2000 matrix needs
      """)
  void optionsOfSpectrum(String options, String expected) throws IOException {
    Npy.write(folder.resolve("skew.npy"), IfExists.REFUSE, NpyArray.of(new double[] {1, 2, 3, 4}, 2, 2));
    Npy.write(folder.resolve("hole.npy"), IfExists.REFUSE, NpyArray.of(new double[] {1, 2, Double.NaN, 4}, 2, 2));
    assertRefused("spectrum --out @k.npz " + options, "contraspectra spectrum: " + expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      cos-infonc --q @x.npy            | unknown loss 'cos-infonc'; did you mean cos-infonce? Known are
      cos-linear --q @three.npy        | --q @three.npy is (3x3), --f is (4x3); … must have one shape
      cos-linear --q @column.npy       | --q @column.npy is (4x1), --f is (4x3); … must have one shape
      cos-linear --q @nan.npy          | --q @nan.npy has a NaN or infinite entry at row 1, column 2; remove
      cos-linear                       | cos-linear needs --q FILE; it reads --f --p --q
      cos-linear --q @x.npy --za @x.npy | --za means nothing to cos-linear, which reads --f --p --q
      dot-exp --q @x.npy --tau 0       | tau is '0'; it must be a positive number
      dot-exp --q @x.npy --param tau=-1 | tau is '-1'; it must be a positive number
      dot-exp --q @x.npy --tau 1 --param tau=2 | --tau 1 and --param tau=2 contradict each other; give one
      dot-exp --q @x.npy --param tua=1 | unknown parameter of dot-exp 'tua'; did you mean tau?
      dot-exp --q @x.npy --param tau   | … should be in KEY=VALUE format but was tau
      dot-exp --q @x.npy --tau one     | tau is 'one'; it must be a positive number
      """)
  void argumentsOfLoss(String arguments, String expected) throws IOException {
    assertRefused("loss --f @x.npy --p @x.npy --out @gradients.npz --json --name " + arguments,
        "contraspectra loss: " + expected);
  }

  @Test
  void cosinesInOneDimension() throws IOException {
    assertRefused("loss --name cos-exp --f @column.npy --p @column.npy --q @column.npy",
        "contraspectra loss: cos-exp needs embeddings of at least 2 dimensions, got 1: in one dimension every");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      --model @net.npz --steps -1              | -1 steps; the number must not be negative
      --model @net.npz --lr 0                  | learning rate is 0.0; it must be positive and finite
      --model @net.npz --lr NaN                | learning rate is NaN; it must be positive and finite
      --model @net.npz --lr nan                | Invalid value for option '--lr': 'nan' is not a double
      --model @net.npz --every 0               | metrics are followed every 0 steps; it must be at least 1
      --model @net.npz --track loss,ntkdrift   | unknown metric 'ntkdrift'; did you mean ntk-drift? Known are loss
      --model @one.npz                         | cos-linear needs embeddings of at least 2 dimensions, got 1: …
      --model @broken.npz                      | @broken.npz: W2 has a NaN or infinite entry at row 0, column 0
      --model @net.npz --widths 3,5,2          | give either --model NET.npz, or --widths d,M,K with --activation NAME
      --widths 3,5,2                           | give either --model NET.npz, or --widths d,M,K with --activation NAME
      --widths 4,5,2 --activation erf          | --triplets @x.npy has 3 columns, but the network of … takes 4; give
      --widths 3 --activation erf              | widths [3]: at least an input and an output width are needed
      --widths 3,b,2 --activation erf          | Invalid value for option '--widths' (d,M,K): 'b' is not an int
      --model @net.npz --out @taken.npz        | @taken.csv exists already; … force overwriting (--force)
      --model @net.npz --out @both.csv --force | --out @both.csv is where the metrics go; name the network file .npz
      """)
  void optionsOfTrain(String options, String expected) throws IOException {
    assertRefused("train --triplets @x.npy,@x.npy,@x.npy --loss cos-linear " + options,
        "contraspectra train: " + expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      @x.npy,@x.npy            | --triplets needs three files X,XP,XQ, got 2
      @x.npy,@x.npy,@three.npy | --triplets: @three.npy is (3x3), @x.npy is (4x3); …must have one shape
      @x.npy,@x.npy,@nan.npy   | --triplets @nan.npy has a NaN or infinite entry at row 1, column 2
      """)
  void tripletsThatCannotBeUsed(String triplets, String expected) throws IOException {
    assertRefused("train --loss cos-linear --model @net.npz --out @t.npz --triplets " + triplets,
        "contraspectra train: " + expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      pca                                        | pca needs the samples; give --input X
      pca --input @nan.npy                       | --input @nan.npy has a NaN or infinite entry at row 1, column 2
      pca --input @x.npy --dims 4                | pca: K = 4 dimensions; it must be from 1 to 3
      pca --input @x.npy --dims 0                | --dims 0: at least one dimension is needed
      pca --input @x.npy --param tau=1           | pca has no parameters, but --param tau was given
      pca --input @x.npy --knn 2                 | --knn means nothing to pca; leave it out
      pca --input @x.npy --laplacian walk        | --laplacian means nothing to pca; leave it out
      pca --input @x.npy --plot @p.png --dims 1  | --plot draws two dimensions; give --dims 2 or more
      pca --input @x.npy --plot @p.jpg --dims 2  | @p.jpg names no format of pictures; give a name that ends in .png
      pca --input @x.npy --plot @taken.png --dims 2 | @taken.png exists already; choose another path or force
      pcaa --input @x.npy                        | Invalid value for option '--method': unknown method 'pcaa'; did
      kernel-pca --input @x.npy                  | kernel-pca needs its constant bandwidth2; give --param bandwidth2=
      kernel-pca --input @x.npy --param bandwidth=1 | unknown parameter of kernel-pca 'bandwidth'; did you mean bandw
      kernel-pca --input @x.npy --param bandwidth2=0 | gaussian kernel: bandwidth2 = 0.0, it must be positive
      kernel-pca --input @x.npy --param bandwidth2=b | bandwidth2 is 'b'; it must be a number
      kernel-pca --input @x.npy --linear         | --linear: kernel-pca has no linear encoder here; leave it out
      kernel-pca --gram @x.npy                   | kernel pca: the kernel matrix(4x3) must be square
      kernel-pca --gram @three.npy --input @x.npy | --gram is the whole kernel; leave out --input and --model
      laplacian-eigenmaps --input @x.npy         | laplacian-eigenmaps needs a relation …: give one of --graph G
      laplacian-eigenmaps --graph @x.npy         | graph: G(4x3) must be square
      laplacian-eigenmaps --graph @lop.npy       | graph: G is not symmetric: entry (0, 1) is 2.0, entry (1, 0) is 0.0
      laplacian-eigenmaps --graph @minus.npy     | graph: entry (0, 1) of G is -1.0; relations must not be negative
      laplacian-eigenmaps --graph @nan.npy       | --graph @nan.npy has a NaN or infinite entry at row 1, column 2
      laplacian-eigenmaps --graph @three.npy --dims 3 | laplacian eigenmaps: K = 3 dimensions; it must be from 1 to 2
      laplacian-eigenmaps --graph @three.npy --labels @column.npy | … needs a relation …: give one of … not several
      laplacian-eigenmaps --knn 2                | --knn needs the samples; give --input X
      laplacian-eigenmaps --input @x.npy --knn 4 | nearest neighbours: k = 4 of 4 samples; it must be from 1 to 3
      laplacian-eigenmaps --graph @three.npy --graph-weights heat | --graph-weights are those of neighbours; give --knn
      laplacian-eigenmaps --labels @x.npy        | --labels @x.npy has 4 rows of 3 numbers; give one label a sample
      isomap --input @x.npy                      | isomap needs a number of neighbours; give --knn K
      lda --input @x.npy                         | lda needs labels; give --labels Y
      lda --input @x.npy --labels @column.npy    | lda: all samples have the label 1; at least two classes are needed
      lda --input @x.npy --labels @halves.npy    | --labels @halves.npy: the label of sample 0 is 0.5; labels are whole
      lpp --input @x.npy --graph @three.npy      | lpp: X(4x3) has 4 samples, the graph relates 3; both must be
      cca --input @x.npy                         | cca needs two views of the samples; give --input2 Y as well
      cca --input @x.npy --input2 @three.npy     | cca: A(4x3) and B(3x3) must be two views of the same samples
      vicreg --graph @three.npy                  | vicreg needs its constant gamma; give --param gamma=NUMBER
      vicreg --graph @three.npy --param gamma=-1 | vicreg: gamma = -1.0, it must be positive and finite
      vicreg --graph @three.npy --param gamma=1 --param ddof=2 | ddof is 2.0; it must be 0 or 1
      vicreg --graph @three.npy --param gamma=1 --linear | vicreg --linear needs the samples; give --input X
      simclr --graph @three.npy --param centred=2 | centred is '2'; it must be 0 or 1
      infonce-dist --graph @three.npy            | infonce: sample 0 is related to itself, which the softmax leaves
      """)
  void argumentsOfEmbed(String arguments, String expected) throws IOException {
    Npy.write(folder.resolve("lop.npy"), IfExists.REFUSE, NpyArray.of(new double[] {0, 2, 0, 0}, 2, 2));
    Npy.write(folder.resolve("minus.npy"), IfExists.REFUSE, NpyArray.of(new double[] {0, -1, -1, 0}, 2, 2));
    Npy.write(folder.resolve("halves.npy"), IfExists.REFUSE, NpyArray.of(new double[] {0.5, 1, 2, 3}, 4));
    Files.writeString(folder.resolve("taken.png"), "precious");
    String dims = arguments.contains("--dims") ? "" : " --dims 1";
    assertRefused("embed --out @z.npz" + dims + " --method " + arguments, "contraspectra embed: " + expected);
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
      grassmann-dynamics --data x.csv  | grassmann-dynamics: data 'x.csv' cannot be used; its claims are about its own
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

  private void assertRefused(String arguments, String expected) throws IOException {
    assertRefused(ExitCodes.BAD_INPUT, arguments, expected);
  }

  private void assertRefused(int code, String arguments, String expected) throws IOException {
    Map<Path, String> before = files();
    CliRun run = run(arguments);
    assertEquals(code, run.code(), run.err());
    assertEquals("", run.out());
    assertTrue(matches(expected, run.err()), () -> "expected " + expected + "\nbut was  " + run.err());
    assertTrue(run.errorLines().size() <= 3, run.err());
    assertFalse(run.err().contains("Exception") || run.err().contains("internal error"), run.err());
    assertEquals(before, files());
  }

  private CliRun run(String arguments) {
    return CliRun.of(Stream.of(arguments.strip().split(" +")).filter(argument -> !argument.isEmpty())
        .map(this::inFolder).toArray());
  }

  /** Whether a text begins as expected. */
  private boolean matches(String expected, String text) {
    int at = 0;
    for (String piece : inFolder(expected).split("…")) {
      int next = text.indexOf(piece, at);
      if (next < 0 || at == 0 && next > 0) {
        return false;
      }
      at = next + piece.length();
    }
    return true;
  }

  private String inFolder(String text) {
    return text.replace("@", folder + "/");
  }

  /** Every file here with its content, folders with none. */
  private Map<Path, String> files() throws IOException {
    var files = new TreeMap<Path, String>();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.toList()) {
        files.put(path, Files.isDirectory(path) ? "" : Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  private void net(String name, Map<String, NpyArray> arrays) {
    Golden.npz(folder.resolve(name + ".npz"), arrays);
  }

  private static NpyArray ones(long... shape) {
    int size = IntStream.range(0, shape.length).map(axis -> (int) shape[axis]).reduce(1, (a, b) -> a * b);
    return NpyArray.of(IntStream.range(0, size).mapToDouble(_ -> 1).toArray(), shape);
  }
}
