package org.dualform.prompt.chat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.dualform.model.chat.ChatTemplate;
import org.dualform.model.chat.Chats;
import org.dualform.model.tokenizer.TextTokenizer;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.choice.ChatDemonstrations;

/** In a chat too, a prompt with fewer demonstrations begins one with more, whatever the texts are. */
class ChatWordingLawTest {
    @Property(tries = 25)
    void lawHoldsForAnyTexts(
            @ForAll @Size(min = 1, max = 3) List<String> shown,
            @ForAll String query,
            @ForAll @IntRange(max = 2) int kind) {
        List<String> texts = new ArrayList<>(shown);
        texts.add(query);
        Assume.that(texts.stream()
                .noneMatch(text -> text.isBlank() || text.chars().anyMatch(c -> Character.isSurrogate((char) c))));
        String name = List.of("chatml", "system_in_first_turn", "inst_with_sys").get(kind);
        ChatTemplate chat = Chats.template(name);
        try (TextTokenizer tokenizer = TextTokenizer.open(
                Chats.tokenizer(List.of("bytes", "plain", "prefixed").get(kind)))) {
            for (ChatDemonstrations form : ChatDemonstrations.values()) {
                if (kind == 2 && form == ChatDemonstrations.MESSAGE) continue; // "[INST] The", "\n\nThe"
                PromptSet prompts = ChatWordingTest.prompts(tokenizer, chat, form, false, shown, List.of(query));
                ChatWordingTest.requireWhole(tokenizer, chat, form, prompts, null, "", shown, List.of(query));
            }
        }
    }
}
