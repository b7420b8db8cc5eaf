package org.dualform.momentum;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.model.ComputeThreads;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.TrainingListener;

/**
 * Trains the models of a study, one after another, and measures each. What is finished is kept in the folder, so that a
 * study that was stopped goes on.
 */
public final class StudyRunner {
    private static final String MEASURED = "measured.json";
    private final MomentumStudy study;
    private final Path out;
    private final TrainingListener listener;

    /** @param out the folder for models, curves and measurements */
    public StudyRunner(MomentumStudy study, Path out, TrainingListener listener) {
        this.study = study;
        this.out = out;
        this.listener = listener;
    }

    /** The measurements of all trainings. {@code progress} is told the trainings that are done. */
    public List<Measurement> run(Progress progress) throws IOException {
        List<Measurement> measured = new ArrayList<>();
        List<MomentumStudy.Training> trainings = study.trainings();
        for (MomentumStudy.Training training : trainings) {
            progress.at("trainings", measured.size(), trainings.size());
            measured.add(one(training, progress));
        }
        return measured;
    }

    private Measurement one(MomentumStudy.Training training, Progress progress) throws IOException {
        Path folder = out.resolve(training.name());
        Path kept = folder.resolve(MEASURED);
        if (Files.exists(kept)) {
            JsonNode before = Json.mapper().readTree(kept.toFile());
            if (before.path("recipe").asLong() == training.recipe().fingerprint()) {
                return Measurement.of(before.path("measured"));
            }
        }
        Measurement measured = trained(training, folder, progress);
        Path part = folder.resolve(MEASURED + ".part");
        JsonNode json = Json.mapper()
                .createObjectNode()
                .put("recipe", training.recipe().fingerprint())
                .set("measured", measured.toJson());
        Files.writeString(part, Json.pretty(json));
        Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return measured;
    }

    private Measurement trained(MomentumStudy.Training training, Path folder, Progress progress) throws IOException {
        String arm = training.arm().name();
        ComputeThreads.set(TrainedModel.THREADS);
        try (Pretrainer trainer = new Pretrainer(training.recipe(), folder, listener)) {
            try {
                trainer.run((what, done, total) -> progress.at(training.name() + ", steps", done, total));
            } catch (UserException e) {
                if (!trainer.hasDiverged()) throw e;
                return Measurement.diverged(arm, training.seed(), String.valueOf(e.getMessage()));
            }
        }
        return new TrainedModel(arm, training.recipe(), study.size().contexts()).measure(folder);
    }

    /** Writes the recipe of every training as a file for {@code dualform pretrain}, and trains nothing. */
    public List<Path> writeRecipes() throws IOException {
        List<Path> written = new ArrayList<>();
        Files.createDirectories(out);
        for (MomentumStudy.Training training : study.trainings()) {
            Path file = out.resolve(training.name() + ".json");
            Files.writeString(file, Json.pretty(Json.mapper().valueToTree(training.recipe())));
            written.add(file);
        }
        return written;
    }
}
