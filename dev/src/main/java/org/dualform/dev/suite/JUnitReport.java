package org.dualform.dev.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads the XML report that both Surefire and pytest write. */
final class JUnitReport {
    private JUnitReport() {}

    /** Reads every test of the report. A report that cannot be read becomes one failed test. */
    static List<TestOutcome> read(Path file) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            NodeList cases = factory.newDocumentBuilder().parse(file.toFile()).getElementsByTagName("testcase");
            List<TestOutcome> outcomes = new ArrayList<>();
            elements(cases).forEach(test -> outcomes.add(outcome(test, file)));
            return outcomes;
        } catch (IOException | SAXException e) {
            return List.of(TestOutcome.failed(
                    file.getFileName().toString(), "unreadable report: " + e.getMessage(), file + ""));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("Java's own XML parser lacks a feature", e);
        }
    }

    private static TestOutcome outcome(Element test, Path file) {
        String owner = test.getAttribute("classname");
        String name = test.getAttribute("name");
        String full = owner.isEmpty() ? name : name.isEmpty() || name.equals(owner) ? owner : owner + " > " + name;
        Optional<Element> problem = child(test, "failure").or(() -> child(test, "error"));
        if (problem.isPresent()) {
            return TestOutcome.failed(full, message(problem.get()), file.toString());
        }
        return child(test, "skipped")
                .map(skipped -> TestOutcome.skipped(full, message(skipped)))
                .orElseGet(() -> TestOutcome.passed(full));
    }

    private static String message(Element element) {
        String message = element.getAttribute("message");
        String text = message.isBlank() ? element.getTextContent() : message;
        // JUnit says "Assumption failed: REASON". pytest's collection errors state only their kind.
        String stripped =
                text.strip().replaceFirst("^(org\\.opentest4j\\.TestAbortedException: )?Assumption failed: ", "");
        return stripped.isEmpty() ? "no reason given" : stripped;
    }

    private static Optional<Element> child(Element parent, String name) {
        return elements(parent.getElementsByTagName(name)).findFirst();
    }

    private static java.util.stream.Stream<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength()).mapToObj(index -> (Element) nodes.item(index));
    }
}
