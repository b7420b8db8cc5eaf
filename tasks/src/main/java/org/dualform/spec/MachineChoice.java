package org.dualform.spec;

import java.util.OptionalInt;
import org.dualform.spec.choice.Dtype;
import org.dualform.spec.choice.Transport;

/**
 * What a task may use of the machine, and how results are kept.
 *
 * @param threads threads of one task; empty: {@code plan} decides
 * @param device {@link Experiment#AUTO}, {@code cpu}, {@code cuda} or {@code cuda:i}
 * @param memory the most memory of one task, such as {@code 6g}, or {@link Experiment#AUTO}
 * @param dtype data type of the computation
 * @param reserveTokens positions of the context kept free beyond the longest query
 * @param transport how files travel between tasks
 * @param fresh whether finished results of equal content are computed again
 */
public record MachineChoice(
        OptionalInt threads,
        String device,
        String memory,
        Dtype dtype,
        int reserveTokens,
        Transport transport,
        boolean fresh) {}
