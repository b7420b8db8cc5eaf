package org.dualform.infer;

import java.util.List;
import org.dualform.model.part.Architecture;
import org.dualform.prompt.PromptSet;
import org.dualform.record.RecordShape;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;

/** Records the first queries of a cell, up to a limit, in any setting. */
public final class RowRecorder {
    private final RecordedToken token;
    private final Architecture architecture;
    private final RecordShape shape;

    /** @param limit the largest number of queries that are recorded */
    public RowRecorder(PromptSet prompts, RecordedToken token, Architecture architecture, int limit) {
        this.token = token;
        this.architecture = architecture;
        this.shape = shape(prompts.queries(), token, architecture, limit);
    }

    private static RecordShape shape(
            List<PromptSet.Query> queries, RecordedToken token, Architecture architecture, int limit) {
        Architecture.Sizes sizes = architecture.sizes();
        return new RecordShape(
                sizes.layers(),
                sizes.heads(),
                sizes.width(),
                sizes.queryWidth(),
                queries.stream().limit(limit).map(token::length).toList());
    }

    public RecordShape shape() {
        return shape;
    }

    public RecordedToken token() {
        return token;
    }

    /**
     * An onlooker that records the queries that run after {@code contextTokens} tokens, and writes them into {@code
     * writer}.
     */
    public QueryOnlooker into(RecordWriter writer, Setting setting, int contextTokens) {
        return new QueryRecorder(writer, setting, shape, token, architecture, contextTokens);
    }
}
