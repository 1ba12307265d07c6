package io.contraspectra.core.data;

/** What a writer does when its file exists already. */
public enum IfExists {
  /** Leave the file alone and report an error. */
  REFUSE,
  /** Replace the file by the new one. */
  REPLACE
}
