package org.dualform.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeadingSpaceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{}#{}#false",
                "{'type':'Prepend','prepend':'▁'}#{}#true",
                "{'type':'Prepend','prepend':' '}#{}#true",
                "{'type':'Prepend','prepend':'_'}#{}#false",
                "{'type':'Replace','pattern':{'Regex':'^'},'content':' '}#{}#true",
                "{'type':'Replace','pattern':{'Regex':'^(?! )'},'content':'▁'}#{}#true",
                "{'type':'Replace','pattern':{'Regex':'\\\\A'},'content':'▁'}#{}#true",
                "{'type':'Replace','pattern':{'Regex':'^'},'content':'x'}#{}#false",
                "{'type':'Replace','pattern':{'String':' '},'content':'▁'}#{}#false",
                "{'type':'Replace','pattern':{'Regex':'\\\\s+'},'content':' '}#{}#false",
                "{'type':'Sequence','normalizers':[{'type':'Replace','pattern':{'Regex':'^'},'content':' '},"
                        + "{'type':'Replace','pattern':{'String':' '},'content':'▁'}]}#{}#true",
                "{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':' '},"
                        + "{'type':'Strip','strip_left':true,'strip_right':true}]}#{}#false",
                "{}#{'type':'Metaspace','replacement':'▁','prepend_scheme':'first'}#true",
                "{}#{'type':'Metaspace','replacement':'▁','prepend_scheme':'never'}#false",
                "{}#{'type':'ByteLevel','add_prefix_space':true}#true",
                "{}#{'type':'ByteLevel','add_prefix_space':false}#false",
            })
    void aSpaceIsSeenWhereverItComesFrom(String normalizer, String preTokenizer, boolean prepended) throws Exception {
        String json = "{\"normalizer\":" + normalizer + ",\"pre_tokenizer\":" + preTokenizer + "}";
        assertThat(LeadingSpace.prepended(new ObjectMapper().readTree(json.replace('\'', '"'))))
                .isEqualTo(prepended);
    }
}
