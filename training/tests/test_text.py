from captioneer_training.text import END, UNKNOWN, Vocabulary, split_words


def test_words_are_lower_case_without_punctuation() -> None:
    assert split_words("A man's T-shirt , doesn\u2019t fit !") == ["a", "man", "'s", "t-shirt", "doesn't", "fit"]


def test_vocabulary_keeps_frequent_words_commonest_first() -> None:
    vocabulary = Vocabulary.build(["a dog", "a dog", "a cat"], minimum_count=2)
    assert vocabulary.words[4:] == ("a", "dog")
    ids = vocabulary.encode("a cat", maximum=5)
    assert [vocabulary.words[i] for i in ids] == ["a", UNKNOWN, END]


def test_decode_joins_possessives() -> None:
    vocabulary = Vocabulary.build(["the dog's ball"], minimum_count=1)
    assert vocabulary.decode(vocabulary.encode("the dog's ball", 9)) == "the dog's ball"
