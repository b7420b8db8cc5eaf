package org.dualform.task;

import org.dualform.contract.ExitCode;

/** Entry point of a task: {@code dualform-task KIND --request FILE|- --result FILE}. */
public final class TaskMain {
    private TaskMain() {}

    public static void main(String[] args) {
        System.err.println("usage: dualform-task KIND --request FILE|- --result FILE");
        System.exit(ExitCode.USAGE.code());
    }
}
