package org.dualform.data;

import java.nio.file.Path;
import java.util.Optional;

/** A source of data sets that must be fetched. */
@FunctionalInterface
public interface RemoteDatasets {
    /**
     * The folder of a data set in the usual layout. It is fetched now unless it is there.
     *
     * @param reference the name as the user wrote it
     * @param home a folder in which it may write
     * @return empty if the reference does not have the form of this source's names
     * @throws org.dualform.contract.DualformException if it does, but the data set cannot be had
     */
    Optional<Path> folder(String reference, Path home);
}
