package org.dualform.dev;

import org.dualform.cli.HelpTest;

/** The rules of help texts for all commands together; the command line module does not know those of this one. */
class HelpOfAllCommandsTest extends HelpTest {}
