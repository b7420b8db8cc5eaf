package org.dualform.data;

import java.nio.file.Path;
import java.util.Optional;

/** A source of data sets that have to be fetched. */
@FunctionalInterface
public interface RemoteDatasets {
    /**
     * The folder of a data set in the usual layout, fetched now if it is not there yet.
     *
     * @param reference as the user wrote it
     * @param home a folder in which it may write
     * @return empty if the reference is none of its names
     * @throws org.dualform.contract.DualformException if it is, but the data set is not to be had
     */
    Optional<Path> folder(String reference, Path home);
}
