package org.dualform.cli.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Handles a second Ctrl-C. A Java virtual machine that is shutting down ignores it, but a person who presses it again
 * wants to leave. Signals are accessible only through jdk.unsupported, which is looked up by name; without it, a second
 * Ctrl-C does nothing and the first one works as before.
 */
final class SecondSignal {
    private SecondSignal() {}

    /** @param action run on a thread of its own for each further Ctrl-C */
    static void install(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) action.run();
                return null;
            };
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            interrupt,
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, calls));
        } catch (ReflectiveOperationException e) {
            // This Java has no such class, or the virtual machine uses the signal itself (-Xrs).
            return;
        }
    }
}
