package io.contraspectra.experiments.cli;

import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a user gets wrong about kernels and their spectra: the exit code, one to three lines that name what is wrong, where, and the remedy, nothing on
 * standard output, and no file written or changed. See {@link Refusals} for the notation.
 */
class BadKernelOptionsTest extends Refusals {

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
      --matrix @empty.npy --all                      | --matrix @empty.npy is empty: it has no eigenpairs
      --matrix @empty.npy --top 1                    | --matrix @empty.npy is empty: it has no eigenpairs
      --model @net.npz --input @none.npy --top 1     | the kernel of --input @none.npy is empty: it has no eigenpairs
      --model @net.npz --input @column.npy --all     | --input @column.npy has 1 columns, but the network of widths
      --model @net.npz --input @many.npy --all --memory 10m | a decomposition of a 2000x2000 matrix needs
      """)
  void optionsOfSpectrum(String options, String expected) throws IOException {
    Npy.write(folder.resolve("skew.npy"), IfExists.REFUSE, NpyArray.of(new double[] {1, 2, 3, 4}, 2, 2));
    Npy.write(folder.resolve("hole.npy"), IfExists.REFUSE, NpyArray.of(new double[] {1, 2, Double.NaN, 4}, 2, 2));
    Npy.write(folder.resolve("empty.npy"), IfExists.REFUSE, NpyArray.of(new double[0], 0, 0));
    Npy.write(folder.resolve("none.npy"), IfExists.REFUSE, NpyArray.of(new double[0], 0, 3));
    assertRefused("spectrum --out @k.npz " + options, "contraspectra spectrum: " + expected);
  }
}
