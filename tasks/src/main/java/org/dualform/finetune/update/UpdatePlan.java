package org.dualform.finetune.update;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The training steps to take, their order, and the form in which their changes are kept. The plan is known before
 * training, and so is the size of the update.
 *
 * <p>With one pass, the steps for a smaller shot count are the first steps for a larger one. One training then serves
 * all shot counts, and is cut into segments between them. With more passes only the first pass is shared, because the
 * second pass over 2 demonstrations is not the second pass over 4; each shot count then branches off the shared first
 * pass.
 *
 * <p>A segment is kept factored or dense, whichever is smaller. A dense segment holds the <em>total</em> change up to
 * its end, not the difference from its parent: adding a difference would not give the trained weights to the last bit.
 *
 * @param segments in training order; a segment's parent comes before it
 * @param passes the number of passes over each shot count's demonstrations
 * @param shape the sizes of the projections
 */
public record UpdatePlan(List<Segment> segments, int passes, ProjectionShape shape) {
    /** The parent of a segment that starts from the model's own weights. */
    public static final int BASE = -1;

    /**
     * A part of the training.
     *
     * @param parent the index of the segment that this one continues, or {@link #BASE}
     * @param shots the shot count whose training ends with this segment; 0 if there is none
     * @param steps the index of each step's demonstration
     * @param tokens the number of each step's tokens whose keys and values bear on the loss
     * @param dense whether the total is kept instead of this segment's factors
     */
    public record Segment(int parent, int shots, List<Integer> steps, List<Integer> tokens, boolean dense) {
        public Segment {
            steps = List.copyOf(steps);
            tokens = List.copyOf(tokens);
        }
    }

    public UpdatePlan {
        segments = List.copyOf(segments);
    }

    /**
     * Plans a training.
     *
     * @param sequenceTokens the number of tokens of each demonstration's training sequence
     * @param shots the shot counts to train for, each between 1 and the number of demonstrations
     * @param passes the number of passes over a shot count's demonstrations, at least 1
     */
    public static UpdatePlan of(
            List<Integer> sequenceTokens, Iterable<Integer> shots, int passes, ProjectionShape shape) {
        var builder = new Builder(sequenceTokens, shape);
        var counts = new TreeSet<Integer>();
        shots.forEach(counts::add);
        int trunk = BASE;
        int done = 0;
        for (int count : counts) {
            if (count < 1 || count > sequenceTokens.size() || passes < 1) {
                throw new IllegalArgumentException(
                        count + " shots, " + passes + " passes over " + sequenceTokens.size() + " demonstrations");
            }
            trunk = builder.add(trunk, passes == 1 ? count : 0, done, count, 1);
            if (passes > 1) {
                builder.add(trunk, count, 0, count, passes - 1);
            }
            done = count;
        }
        return new UpdatePlan(builder.segments, passes, shape);
    }

    /** The segment and all that it continues, from the first to the last. */
    public List<Integer> ancestry(int segment) {
        var ancestry = new ArrayList<Integer>();
        for (int at = segment; at != BASE; at = segments.get(at).parent()) {
            ancestry.add(0, at);
        }
        return ancestry;
    }

    /**
     * The segments whose sum is the change at the end of {@code segment}, from the first to the last. There are none
     * before a dense one.
     */
    public List<Integer> path(int segment) {
        List<Integer> ancestry = ancestry(segment);
        int first = ancestry.size() - 1;
        while (first > 0 && !segments.get(ancestry.get(first)).dense()) {
            first--;
        }
        return ancestry.subList(first, ancestry.size());
    }

    /** The {@link #path} of each shot count. */
    public Map<Integer, List<Integer>> paths() {
        var paths = new TreeMap<Integer, List<Integer>>();
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).shots() > 0) {
                paths.put(segments.get(i).shots(), path(i));
            }
        }
        return paths;
    }

    /** The number of training steps in all. */
    public int steps() {
        return segments.stream().mapToInt(s -> s.steps().size()).sum();
    }

    /** The bytes of the update file's tensors: the segments that some shot count needs. */
    public long bytes() {
        Set<Integer> needed = new HashSet<>();
        paths().values().forEach(needed::addAll);
        return needed.stream().mapToLong(i -> bytes(segments.get(i))).sum();
    }

    private long bytes(Segment segment) {
        return segment.dense()
                ? shape.denseBytes()
                : shape.factoredBytes(sum(segment.tokens()), segment.steps().size());
    }

    private static long sum(List<Integer> tokens) {
        return tokens.stream().mapToLong(Integer::longValue).sum();
    }

    private record Builder(List<Integer> sequenceTokens, ProjectionShape shape, List<Segment> segments) {
        Builder(List<Integer> sequenceTokens, ProjectionShape shape) {
            this(sequenceTokens, shape, new ArrayList<>());
        }

        /**
         * Adds {@code passes} passes over the demonstrations from {@code from} to {@code to}. Returns the segment's
         * index.
         */
        int add(int parent, int shots, int from, int to, int passes) {
            var steps = new ArrayList<Integer>();
            for (int pass = 0; pass < passes; pass++) {
                for (int demonstration = from; demonstration < to; demonstration++) {
                    steps.add(demonstration);
                }
            }
            // The last token predicts nothing and no other token attends to it, so its key and value get no gradient.
            List<Integer> tokens =
                    steps.stream().map(s -> sequenceTokens.get(s) - 1).toList();
            boolean dense = shape.factoredBytes(sum(tokens), steps.size()) > shape.denseBytes();
            segments.add(new Segment(parent, shots, steps, tokens, dense));
            return segments.size() - 1;
        }
    }
}
