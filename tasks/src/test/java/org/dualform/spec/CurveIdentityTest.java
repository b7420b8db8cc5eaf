package org.dualform.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CurveIdentityTest {
    @Test
    void theExperimentsOwnCurveHasThePlainName() {
        CurveIdentity main = CurveIdentity.main("topics");
        assertThat(main.isMain()).isTrue();
        assertThat(main.name()).isEqualTo("topics");
        assertThat(main.name(Method.ICL)).isEqualTo("topics icl");
    }

    @Test
    void whateverDiffersIsInTheName() {
        CurveIdentity other = new CurveIdentity("topics", "flip=0.5", 1, "minimal");
        assertThat(other.isMain()).isFalse();
        assertThat(other.name()).isEqualTo("topics flip=0.5 order 1 template minimal");
        assertThat(other.name(Method.FT)).isEqualTo("topics ft flip=0.5 order 1 template minimal");
        assertThat(new CurveIdentity("topics", "main", 1, null).isMain()).isFalse();
        assertThat(new CurveIdentity("topics", "main", null, "minimal").isMain())
                .isFalse();
    }
}
