package io.contraspectra.bindings.load;

import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/** Folders that no other user may write into. On file systems without POSIX rights the inherited ones have to do. */
final class PrivateFolder {
  private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private static final FileAttribute<?>[] OWNER_ONLY = POSIX
      ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
      : new FileAttribute<?>[0];

  private PrivateFolder() {}

  /** Creates the folder and its parents, private where they are new. */
  static void createAll(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) { // a symbolic link to a folder will do here, and createDirectories refuses it
      Files.createDirectories(folder, OWNER_ONLY);
    }
  }

  /**
   * Creates the folder, or proves that the one found is ours alone to write.
   *
   * @throws IOException when it belongs to another user, others may write to it, or it is a link
   */
  static Path open(Path folder) throws IOException {
    try {
      return Files.createDirectory(folder, OWNER_ONLY);
    } catch (FileAlreadyExistsException e) {
      if (POSIX) {
        verify(folder);
      }
      return folder;
    }
  }

  private static void verify(Path folder) throws IOException {
    var found = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory()) {
      throw new NotDirectoryException(folder.toString());
    }
    if (found.permissions().contains(GROUP_WRITE) || found.permissions().contains(OTHERS_WRITE)) {
      throw new IOException("other users may write to " + folder);
    }
    if (!isOurs(found.owner(), folder)) {
      throw new IOException(folder + " belongs to " + found.owner().getName());
    }
  }

  private static boolean isOurs(UserPrincipal owner, Path folder) throws IOException {
    return owner.getName().equals(System.getProperty("user.name")) || owner.equals(ownerOfNewFile(folder));
  }

  /** Asks the file system who we are: a user without an account, as in many containers, has no name. */
  private static UserPrincipal ownerOfNewFile(Path folder) throws IOException {
    var probe = Files.createTempFile(folder, "owner", null);
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }
}
