package org.dualform.spec.arm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.dualform.base.NearestNames;

/** Reads one arm's name; mistakes are collected, and something stands in for what is wrong. */
public final class ArmReader {
    /** As many as the parameter {@code passes} may be. */
    private static final int MOST_PASSES = 1000;

    private static final int LAST_LAYER = 9999;

    private final String name;
    private final List<String> mistakes;

    public ArmReader(String name, List<String> mistakes) {
        this.name = name;
        this.mistakes = mistakes;
    }

    public Arm read() {
        int sign = name.indexOf('=');
        String head = sign < 0 ? name : name.substring(0, sign);
        String value = sign < 0 ? "" : name.substring(sign + 1);
        if (sign >= 0) {
            if (head.equals("flip")) return flip(value);
            if (head.equals("ft")) return tuned(value);
        }
        return switch (name) {
            case Arms.MAIN -> arm(name);
            case "random_labels" -> labelled(name, Arm.Labels.RANDOM);
            case "untrained" -> untrained(ModelVariant.UNTRAINED);
            case "untrained_embeddings" -> untrained(ModelVariant.UNTRAINED_EMBEDDINGS);
            case "lcgd" -> tuned(name, Tuning.LAYER_CAUSAL, OptionalInt.empty(), OptionalDouble.empty());
            case Tuning.MEAN_PATCH_TEXT -> tuned(name, Tuning.MEAN_PATCH, OptionalInt.empty(), OptionalDouble.empty());
            case Tuning.LEAST_SQUARES_PATCH_TEXT ->
                tuned(name, Tuning.LEAST_SQUARES_PATCH, OptionalInt.empty(), OptionalDouble.empty());
            case "calibrated" ->
                new Arm(
                        name,
                        Arm.Labels.GOLD,
                        ModelVariant.TRAINED,
                        Tuning.STANDARD,
                        OptionalInt.empty(),
                        OptionalDouble.empty(),
                        true);
            default -> unknown(head);
        };
    }

    private Arm unknown(String head) {
        if (head.equals("flip")) mistakes.add("arms: flip needs a share from 0 to 1, as in flip=0.25.");
        else if (head.equals("ft"))
            mistakes.add("arms: ft needs a variant, as in ft=adam: " + String.join(", ", Arms.TUNING_PARTS) + ".");
        else if (head.equals("patch"))
            mistakes.add("arms: patch needs how it is made, " + Tuning.MEAN_PATCH_TEXT + " or "
                    + Tuning.LEAST_SQUARES_PATCH_TEXT + ", not '" + name + "'.");
        else mistakes.add("arms: '" + name + "' is not known; " + hint(head, Arms.KNOWN) + ".");
        return arm(name);
    }

    private Arm flip(String value) {
        double share = number(value);
        if (!(share >= 0 && share <= 1)) {
            mistakes.add("arms: flip has to be a share from 0 to 1, as in flip=0.25, not '" + value + "'.");
            return arm(name);
        }
        return labelled("flip=" + shown(share), new Arm.Labels(OptionalDouble.of(share), false));
    }

    private Arm tuned(String value) {
        Tuning tuning = Tuning.STANDARD;
        OptionalInt passes = OptionalInt.empty();
        OptionalDouble rate = OptionalDouble.empty();
        Set<String> heads = new HashSet<>();
        for (String part : value.split("\\+", -1)) {
            int colon = part.indexOf(':');
            String head = colon < 0 ? part : part.substring(0, colon);
            String argument = colon < 0 ? "" : part.substring(colon + 1);
            if (!heads.add(head)) mistakes.add("arms: " + name + " names " + head + " twice.");
            boolean right = switch (head) {
                case "adam", "all", "full_batch", "label_loss" -> colon < 0;
                case "v_layer" -> argument.equals(Tuning.MIDDLE) || whole(argument, 0, LAST_LAYER);
                case "passes" -> whole(argument, 1, MOST_PASSES);
                case "rate" -> number(argument) > 0 && Double.isFinite(number(argument));
                default -> false;
            };
            if (!right) mistakes.add(wrongPart(head, part));
            else if (head.equals("passes")) passes = OptionalInt.of(Integer.parseInt(argument));
            else if (head.equals("rate")) rate = OptionalDouble.of(number(argument));
            else tuning = tuning.with(part);
        }
        if (heads.contains("all") && heads.contains("v_layer"))
            mistakes.add("arms: " + name + " names all weights and one layer's; choose one.");
        List<String> parts = new ArrayList<>(tuning.parts());
        if (passes.isPresent()) parts.add("passes:" + passes.getAsInt());
        if (rate.isPresent()) parts.add("rate:" + shown(rate.getAsDouble()));
        return tuned("ft=" + String.join("+", parts), tuning, passes, rate);
    }

    private String wrongPart(String head, String part) {
        return switch (head) {
            case "v_layer" ->
                "arms: v_layer needs a layer's number from 0 to " + LAST_LAYER
                        + ", or middle, as in ft=v_layer:middle, not '" + part + "'.";
            case "passes" ->
                "arms: passes needs a whole number from 1 to " + MOST_PASSES + ", as in ft=passes:5, not '" + part
                        + "'.";
            case "rate" -> "arms: rate needs a number above 0, as in ft=adam+rate:0.001, not '" + part + "'.";
            default ->
                "arms: '" + part + "' in " + name + " is no way to fine-tune; " + hint(head, Arms.TUNING_PARTS) + ".";
        };
    }

    /** Compares names without their values. */
    private static String hint(String head, List<String> known) {
        List<String> heads = known.stream().map(k -> k.replaceAll("[=:].*", "")).toList();
        List<String> near = NearestNames.of(head, heads).stream()
                .map(n -> known.get(heads.indexOf(n)))
                .toList();
        return near.isEmpty() ? "known are: " + String.join(", ", known) : "did you mean " + String.join(" or ", near);
    }

    private static boolean whole(String text, int least, int most) {
        return text.matches("\\d{1,4}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most;
    }

    private static double number(String text) {
        return text.matches("[0-9]*\\.?[0-9]+([eE]-?[0-9]+)?") ? Double.parseDouble(text) : Double.NaN;
    }

    /** The number without a trailing {@code .0}. */
    private static String shown(double value) {
        String text = Double.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static Arm arm(String name) {
        return labelled(name, Arm.Labels.GOLD);
    }

    private static Arm labelled(String name, Arm.Labels labels) {
        return new Arm(
                name,
                labels,
                ModelVariant.TRAINED,
                Tuning.STANDARD,
                OptionalInt.empty(),
                OptionalDouble.empty(),
                false);
    }

    private static Arm untrained(ModelVariant variant) {
        return new Arm(
                variant.id(),
                Arm.Labels.GOLD,
                variant,
                Tuning.STANDARD,
                OptionalInt.empty(),
                OptionalDouble.empty(),
                false);
    }

    private static Arm tuned(String name, Tuning tuning, OptionalInt passes, OptionalDouble rate) {
        return new Arm(name, Arm.Labels.GOLD, ModelVariant.TRAINED, tuning, passes, rate, false);
    }
}
