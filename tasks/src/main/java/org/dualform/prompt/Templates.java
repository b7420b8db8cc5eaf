package org.dualform.prompt;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dualform.base.FileFailure;
import org.dualform.base.NearestNames;
import org.dualform.contract.UserException;
import org.dualform.spec.Experiment;

/** The templates that come with Dualform, and templates in files. */
public final class Templates {
    /** The names of the templates that come with Dualform. Each is a file beside this class. */
    public static final List<String> BUILT_IN = List.of(
            "agnews",
            "agnews-paper",
            "arbitrary",
            "cb",
            "cb-paper",
            "dbpedia",
            "flipped",
            "generic",
            "mr",
            "rte",
            "sentiment",
            "sst2",
            "sst2-glue",
            "sst5",
            "subj",
            "topics",
            "trec",
            "unlearnable");

    private static final String GENERIC = "generic";

    private Templates() {}

    /** A template, and a warning if nobody chose it. */
    public record Choice(Template template, Optional<String> warning) {}

    /**
     * Chooses the template for a data set.
     *
     * @param asked a name, a YAML file, or {@code auto}: the template named like the data set, else the generic one
     * @throws UserException if there is no such template, or the file is not one
     */
    public static Choice choose(String asked, String dataset) {
        if (!asked.equals(Experiment.AUTO)) return new Choice(named(asked), Optional.empty());
        if (BUILT_IN.contains(dataset)) return new Choice(builtIn(dataset), Optional.empty());
        Template generic = builtIn(GENERIC);
        return new Choice(
                generic,
                Optional.of("There is no template for the data set " + dataset + ": '" + generic.text()
                        + "' is used, with the label names as label words. Give it one with --template FILE."));
    }

    private static Template named(String asked) {
        if (BUILT_IN.contains(asked)) return builtIn(asked);
        Path file = Path.of(asked);
        if (Files.isRegularFile(file)) return read(file);
        throw UserException.usage("template: there is no template and no file '" + asked + "'; "
                + NearestNames.hint(asked, BUILT_IN) + ".");
    }

    private static Template read(Path file) {
        try {
            Template template = mapper().readValue(Files.readAllBytes(file), Template.class);
            if (template.chat() != null)
                throw UserException.data("The template " + file + " has a \"chat\" of its own: whether prompts are"
                        + " conversations is said by the parameter chat. Remove it.");
            return template;
        } catch (JsonMappingException e) {
            throw UserException.data("The template " + file + " is not valid: " + cause(e)
                    + ". It needs name, version, fields, text and words; split and description are optional.");
        } catch (JsonProcessingException e) {
            throw UserException.data("The template " + file + " is not YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw UserException.data("The template " + file + " cannot be read: " + FileFailure.reason(e) + ".");
        }
    }

    private static String cause(JacksonException e) {
        return e.getCause() instanceof UserException mistake
                ? String.valueOf(mistake.getMessage())
                : e.getOriginalMessage();
    }

    private static Template builtIn(String name) {
        try (InputStream in = Templates.class.getResourceAsStream("templates/" + name + ".yaml")) {
            if (in == null) throw new IllegalStateException("missing from the class path: template " + name);
            return mapper().readValue(in, Template.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectMapper mapper() {
        return YAMLMapper.builder()
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
    }
}
