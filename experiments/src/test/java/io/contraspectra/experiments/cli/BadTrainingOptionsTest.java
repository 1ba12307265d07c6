package io.contraspectra.experiments.cli;

import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a user gets wrong about losses, training and embeddings: the exit code, one to three lines that name what is wrong, where, and the remedy, nothing on
 * standard output, and no file written or changed. See {@link Refusals} for the notation.
 */
class BadTrainingOptionsTest extends Refusals {

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
}
