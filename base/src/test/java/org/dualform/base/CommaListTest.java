package org.dualform.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommaListTest {
    @Test
    void namesAreSeparatedByCommas() {
        assertThat(CommaList.names("a, b ,c")).containsExactly("a", "b", "c");
        assertThat(CommaList.names("")).containsExactly("");
        assertThat(CommaList.names("a,,b,")).containsExactly("a", "", "b", "");
    }

    @Test
    void aNameWithACommaStandsInQuotes() {
        assertThat(CommaList.names("\"/data/mails, old\", topics,\"x,y\""))
                .containsExactly("/data/mails, old", "topics", "x,y");
        assertThat(CommaList.names("\"a \"\"b\"\", c\"")).containsExactly("a \"b\", c");
    }

    @Test
    void aQuoteMarkThatEnclosesNothingBelongsToTheName() {
        assertThat(CommaList.names("\"a,b")).containsExactly("\"a", "b");
        assertThat(CommaList.names("a\"b,c\"")).containsExactly("a\"b", "c\"");
        assertThat(CommaList.names("\"a\"b,c")).containsExactly("\"a\"b", "c");
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        List<String> names = List.of("a", "b, c", "say \"d\"", "\"e\"", "f");
        assertThat(CommaList.names(CommaList.text(names))).isEqualTo(names);
        assertThat(CommaList.text(List.of("a", "b"))).isEqualTo("a,b");
    }
}
