package org.dualform.contract.chain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * One step of the chain: a kind of task, with what it reads and makes.
 *
 * @param name unique; the task id in Airflow
 * @param title what messages call it
 * @param kind the kind of task that runs, as in a request
 * @param scope how often it runs
 * @param parameters what it adds to the parameters of its item
 * @param inputs what it reads, by the input's name
 * @param outputs what it may make: the output's name and its file's name
 */
public record Step(
        String name,
        String title,
        String kind,
        Scope scope,
        ObjectNode parameters,
        Trigger trigger,
        Map<String, StepInput> inputs,
        Map<String, String> outputs) {}
