#include "app/storage/common_words.h"

#include <QHash>
#include <QString>

#include <iterator>
#include <string_view>

#include "app/folded_text.h"

namespace tercet {
namespace {

// As the index holds them: small letters without accents; the ends of "don't", "it's" and their like are words there.
// Never changed or put in another order: what is stored was made with it.
constexpr std::u16string_view kCommonWords[] = {
    // English
    u"the", u"of", u"and", u"to", u"a", u"in", u"is", u"it", u"that", u"you", u"i", u"for", u"on", u"with", u"as", u"are",
    u"this", u"be", u"was", u"not", u"or", u"have", u"at", u"by", u"from", u"but", u"what", u"can", u"your", u"an", u"my",
    u"do", u"if", u"so", u"we", u"he", u"she", u"they", u"there", u"how", u"will", u"would", u"about", u"me", u"his", u"her",
    u"when", u"which", u"no", u"one", u"all", u"has", u"had", u"out", u"up", u"their", u"them", u"more", u"then", u"just",
    u"like", u"some", u"could", u"than", u"into", u"its", u"other", u"been", u"were", u"who", u"any", u"only", u"time", u"now",
    u"get", u"use", u"should", u"make", u"also", u"does", u"did", u"want", u"know", u"need", u"s", u"t", u"don", u"m", u"re",
    u"ll", u"ve",
    // Spanish, as far as not above
    u"de", u"la", u"que", u"el", u"en", u"y", u"los", u"se", u"del", u"las", u"un", u"por", u"con", u"una", u"su", u"para",
    u"es", u"al", u"lo", u"como", u"mas", u"pero", u"sus", u"le", u"ya", u"este", u"porque", u"esta", u"entre", u"cuando",
    u"muy", u"sin", u"sobre", u"ser", u"tiene", u"tambien", u"hasta", u"hay", u"donde", u"quien", u"desde", u"todo", u"nos",
    u"todos", u"uno", u"les", u"ni", u"ese", u"eso", u"e", u"esto", u"mi", u"antes", u"yo", u"otro", u"tu", u"te", u"puede",
    u"si", u"son", u"quiero", u"hacer",
    // French, as far as not above
    u"et", u"des", u"une", u"est", u"dans", u"qui", u"pour", u"pas", u"sur", u"au", u"ce", u"il", u"ne", u"plus", u"par", u"je",
    u"avec", u"tout", u"nous", u"vous", u"ou", u"aux", u"sont", u"ont", u"cette", u"elle", u"leur", u"mais", u"comme",
    // German, as far as not above
    u"der", u"die", u"und", u"das", u"den", u"von", u"zu", u"mit", u"sich", u"auf", u"ist", u"im", u"dem", u"nicht", u"ein",
    u"eine", u"als", u"auch", u"werden", u"aus", u"er", u"hat", u"dass", u"sie", u"nach", u"wird", u"bei", u"einer", u"um",
    u"am", u"sind", u"noch", u"wie", u"einem", u"uber", u"einen", u"zum", u"kann", u"ich",
    // Portuguese, as far as not above
    u"o", u"da", u"em", u"nao", u"os", u"na", u"dos", u"foi", u"ao", u"ele", u"tem", u"seu", u"sua", u"ja", u"eu", u"pela",
    u"ate", u"isso", u"voce",
    // Italian, as far as not above
    u"di", u"che", u"per", u"non", u"sono", u"della", u"ha", u"ma", u"ti", u"gli", u"alla", u"nel", u"piu", u"anche",
};
constexpr int kCommonCount = static_cast<int>(std::size(kCommonWords));
constexpr char32_t kFirstPair = 0xf0000;
static_assert(kCommonCount * kCommonCount <= static_cast<int>(kNoPair - kFirstPair));

}  // namespace

int commonWord(QStringView word) {
  static const QHash<QString, int> places = [] {
    QHash<QString, int> all;
    for (int i = 0; i < kCommonCount; ++i) all.insert(QStringView(kCommonWords[i]).toString(), i);
    return all;
  }();
  return places.value(folded(word), -1);
}

char32_t pairOfCommonWords(int first, int second) { return kFirstPair + static_cast<char32_t>(first * kCommonCount + second); }

bool isPairOfCommonWords(char32_t character) { return character >= kFirstPair && character <= kNoPair; }

}  // namespace tercet
