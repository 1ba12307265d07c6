package io.contraspectra.experiments.paper;

import java.util.List;
import java.util.Map;

/** Where the finished cells of an experiment are kept for a run that goes on where an earlier one was stopped. */
public interface CellStore {

  /** Keeps nothing. */
  CellStore NONE = new CellStore() {
    @Override
    public Map<String, Measured.Sheet> find(List<String> names) {
      return Map.of();
    }

    @Override
    public void keep(String name, Measured.Sheet sheet) {}
  };

  /**
   * What an earlier run under the same settings found.
   *
   * @param names of the cells that are about to be run
   * @return the cells that are there whole; the others have to be run
   */
  Map<String, Measured.Sheet> find(List<String> names);

  /** Keeps what was measured in a cell. Called from any thread. */
  void keep(String name, Measured.Sheet sheet);
}
