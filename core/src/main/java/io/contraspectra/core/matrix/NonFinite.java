package io.contraspectra.core.matrix;

/** A NaN or an infinity where only finite numbers have a meaning. */
public final class NonFinite extends ContraSpectraException {

  private static final long serialVersionUID = 1;
  private final long row;
  private final long column;

  /**
   * Reports the first non-finite entry of an operand.
   *
   * @param operand what was read, e.g. {@code "eigh: A"}
   * @param row row of the first non-finite entry
   * @param column column of the first non-finite entry
   */
  public NonFinite(String operand, long row, long column) {
    super(operand + " has a NaN or infinite entry at row " + row + ", column " + column
        + "; remove or replace it before the call");
    this.row = row;
    this.column = column;
  }

  /** Row of the first non-finite entry. */
  public long row() {
    return row;
  }

  /** Column of the first non-finite entry. */
  public long column() {
    return column;
  }
}
