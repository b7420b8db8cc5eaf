package org.dualform.task.parameters;

/**
 * A record whose components stand among a kind's parameters, not in an object of their own. Kinds that need the same
 * parameters for the same purpose share such a record.
 */
public interface ParameterGroup {}
