package org.dualform.cli.server;

import java.io.PrintWriter;
import org.dualform.cli.machine.Home;
import org.dualform.cli.python.Python;
import org.dualform.cli.python.PythonEnvironment;
import org.dualform.cli.stack.Stack;
import org.dualform.cli.terminal.Console;

/** Steps that several commands about the servers share. */
public final class Servers {
    private Servers() {}

    /** Makes the two Python environments from their locks if they are missing or out of date. */
    public static void environments(Home home, Console console) {
        Python python = Python.find(home);
        PythonEnvironment.mlflow(home).ensure(python, console);
        PythonEnvironment.airflow(home).ensure(python, console);
    }

    static void printAddresses(Stack stack, PrintWriter out) {
        stack.addresses().ifPresent(addresses -> {
            out.println("Airflow   " + addresses.airflow().url() + "   user "
                    + addresses.airflow().user() + ", password in " + stack.passwordFile());
            out.println("MLflow    " + addresses.mlflow());
        });
    }
}
