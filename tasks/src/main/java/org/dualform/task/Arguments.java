package org.dualform.task;

import java.util.List;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;

/**
 * The command line of a task.
 *
 * @param request the file of the request; {@code -} is standard input
 * @param attached whether the request is one line of standard input, whose end means that the caller is gone
 * @param result the file of the result; {@code -} is standard output, where it goes as events
 */
record Arguments(String kind, String request, boolean attached, String result) {
    /** In place of a file: a standard stream. */
    static final String STREAM = "-";

    static final String HELP = """
            usage: dualform-task KIND --request FILE|- [--attached] --result FILE|-

            Runs one task of an experiment: reads the request, computes or finds what was computed before, and
            writes the result, last and whole. Schemas: contract/schema/request.schema.json, result.schema.json.

              KIND            %s
              --request FILE  the request, JSON; - reads standard input
              --attached      with --request -: the request is one line, and the task stops when the input ends
                              after it, because its caller is gone then
              --result FILE   where the result is written, JSON; - writes it to standard output, as events
              --help          this text
              --version       versions of Dualform, Java, DJL and PyTorch

            Lines on standard output that begin with "@dualform " carry one JSON object for the caller. With
            --result - the result is in those whose event is "result": part 1 to parts, each with a piece of its
            text, and with the SHA-256 of the whole text.

            exit codes
                0  done (a diverged fine-tuning too: that is a result)
               64  wrong command line or request       65  wrong input data
               70  a bug: please report it             71  failed for good (disk or memory full, cells missing)
               75  try again                           78  wrong configuration
               99  nothing to do (skipped)            130  interrupted    143  terminated
            """;

    /** Reads the command line. It reports every mistake at once. */
    static Arguments parse(List<String> words, List<String> kinds) {
        Mistakes mistakes = new Mistakes(ExitCode.USAGE);
        String kind = "";
        String request = "";
        boolean attached = false;
        String result = "";
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--request") || word.equals("--result")) {
                String value = i + 1 < words.size() ? words.get(++i) : "";
                if (value.isEmpty()) mistakes.add(word + " needs a file.");
                else if (word.equals("--request")) request = value;
                else result = value;
            } else if (word.equals("--attached")) {
                attached = true;
            } else if (word.startsWith("-")) {
                mistakes.add("There is no option " + word + "; see --help.");
            } else if (kind.isEmpty()) {
                kind = word;
            } else {
                mistakes.add("One kind at a time: " + kind + " or " + word + "?");
            }
        }
        if (kind.isEmpty()) mistakes.add("Name the kind of task: " + String.join(", ", kinds) + ".");
        else if (!kinds.contains(kind)) {
            mistakes.add("There is no kind " + kind + "; known are " + String.join(", ", kinds) + ".");
        }
        if (request.isEmpty()) mistakes.add("--request FILE is required (- reads standard input).");
        else if (attached && !request.equals(STREAM))
            mistakes.add("--attached needs --request -; it is " + request + ".");
        if (result.isEmpty()) mistakes.add("--result FILE is required (- writes it to standard output).");
        mistakes.throwIfAny();
        return new Arguments(kind, request, attached, result);
    }
}
