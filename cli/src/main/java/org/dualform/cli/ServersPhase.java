package org.dualform.cli;

import java.io.PrintStream;
import org.dualform.cli.stack.Console;
import org.dualform.cli.stack.Home;
import org.dualform.cli.stack.Python;
import org.dualform.cli.stack.PythonEnvironment;
import org.dualform.cli.stack.Stack;

/** What several commands do with the servers. */
final class ServersPhase {
    private ServersPhase() {}

    /** The two Python environments, made from their locks where they are missing or out of date. */
    static void environments(Home home, Console console) {
        Python python = Python.find(home);
        PythonEnvironment.mlflow(home).ensure(python, console);
        PythonEnvironment.airflow(home).ensure(python, console);
    }

    static void printAddresses(Stack stack, PrintStream out) {
        stack.addresses().ifPresent(addresses -> {
            out.println("Airflow   " + addresses.airflow().url() + "   user "
                    + addresses.airflow().user() + ", password in " + stack.passwordFile());
            out.println("MLflow    " + addresses.mlflow());
        });
    }
}
