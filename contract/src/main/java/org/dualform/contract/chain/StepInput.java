package org.dualform.contract.chain;

/**
 * One output of an earlier step.
 *
 * @param step the step that makes it
 * @param output the output's name there
 * @param optional whether the reading step runs without it
 * @param collected whether it stands for the outputs of all instances of the step; the inputs of a request are then
 *     named {@code NAME.ID}, where ID is the instance's item
 */
public record StepInput(String step, String output, boolean optional, boolean collected) {}
