package io.contraspectra.experiments.paper;

import io.contraspectra.core.data.AtomicFile;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.experiments.report.ReportWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The finished cells of an unfinished run, a file each in a folder beside the report. A file is written whole or not at
 * all, its name is a digest of all settings and of the cell, and it ends with a digest of its content: a cell of other
 * settings is never found, and a damaged one is run again. The folder is there exactly while a run is unfinished.
 */
public final class CellFolder implements CellStore {

  private static final String NAME = "cells";
  private static final String SUFFIX = ".cell";
  private static final String MARK = "unfinished.txt";

  private final Path folder;
  private final SequencedMap<String, String> settings;
  private final String rerun;
  private final Consumer<String> notices;
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private boolean fresh;
  private boolean open;
  private boolean takenOver;

  /**
   * The cells of a run. Nothing is written before the first is kept.
   *
   * @param report the report's folder
   * @param settings everything that the numbers of all cells depend on, by name, with values of one line
   * @param rerun the command of the run, for whoever finds the folder
   * @param fresh whether cells of an earlier run are dropped
   * @param notices told in a line what was found of an earlier run and what of it cannot be used
   */
  public CellFolder(Path report, SequencedMap<String, String> settings, String rerun, boolean fresh,
      Consumer<String> notices) {
    this.folder = report.resolve(NAME);
    this.settings = new LinkedHashMap<>(settings);
    this.rerun = rerun;
    this.fresh = fresh;
    this.notices = notices;
  }

  /** Whether the report in a folder is the one of an unfinished run, or there is none yet. */
  public static boolean isUnfinished(Path report) {
    return Files.isRegularFile(report.resolve(NAME).resolve(MARK));
  }

  @Override
  public synchronized Map<String, Measured.Sheet> find(List<String> names) {
    var found = new HashMap<String, Measured.Sheet>();
    if (fresh) {
      return found;
    }
    var refused = new LinkedHashMap<Path, String>();
    for (String name : names) {
      try {
        read(name).ifPresent(sheet -> found.put(name, sheet));
      } catch (InvalidArgument e) {
        refused.put(path(name), e.getMessage());
      }
    }
    takenOver |= !found.isEmpty();
    held.addAll(found.keySet());
    if (!found.isEmpty()) {
      notices.accept("going on: " + found.size() + " of " + names.size() + " cells are in " + folder + " already");
    }
    if (!refused.isEmpty()) {
      notices.accept(refused.size() + " of the cells in " + folder + " cannot be used and are run again; of "
          + refused.firstEntry().getKey().getFileName() + ": " + refused.firstEntry().getValue());
    }
    if (found.isEmpty() && refused.isEmpty() && hasOthers()) {
      notices.accept("starting afresh: the cells in " + folder + " are of other settings or another version");
    }
    return found;
  }

  /** Whether cells of an earlier run have been found. */
  public synchronized boolean isTakenOver() {
    return takenOver;
  }

  @Override
  public void keep(String name, Measured.Sheet sheet) {
    open();
    write(path(name), file(name).text(sheet));
    held.add(name);
  }

  /** From now on the folder says that a run is unfinished. */
  public synchronized void open() {
    if (open) {
      return;
    }
    if (fresh) {
      close();
      fresh = false;
    }
    ReportWriter.create(folder);
    write(folder.resolve(MARK),
        "Finished cells of a run that has not come to its end. To go on, run it again without --force:\n" + rerun + "\n");
    open = true;
  }

  /** How many cells of this run are kept. */
  public int size() {
    return held.size();
  }

  /** The run has come to its end: removes what is kept, and the folder unless something else is in it. */
  public synchronized void close() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(CellFolder::isCell).toList()) {
        Files.delete(file);
      }
      Files.deleteIfExists(folder.resolve(MARK));
      try (Stream<Path> rest = Files.list(folder)) {
        if (rest.findAny().isEmpty()) {
          Files.delete(folder);
        }
      }
      open = false;
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be emptied: " + e.getMessage(), e);
    }
  }

  private Optional<Measured.Sheet> read(String name) {
    Path path = path(name);
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try {
      // Not readString, which refuses what is no UTF-8: that is a damaged cell like any other.
      return Optional.of(file(name).read(new String(Files.readAllBytes(path), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new InvalidArgument("it cannot be read: " + e.getMessage());
    }
  }

  /** Whether there are cells that were not asked for, before the first one of this run is kept. */
  private boolean hasOthers() {
    if (!held.isEmpty() || !Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(CellFolder::isCell);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void write(Path path, String text) {
    AtomicFile.write(path, IfExists.REPLACE, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private CellFile file(String name) {
    return new CellFile(settings, name);
  }

  private Path path(String name) {
    return folder.resolve(file(name).stem() + SUFFIX);
  }

  private static boolean isCell(Path path) {
    return path.getFileName().toString().endsWith(SUFFIX);
  }
}
