#include "app/latex_symbols.h"

#include <initializer_list>

namespace tercet::latex {
namespace {

struct Name {
  const char* name;
  const char16_t* text;
};

QHash<QString, QString> tableOf(std::initializer_list<Name> names) {
  QHash<QString, QString> out;
  for (const Name& entry : names) out.insert(QString::fromLatin1(entry.name), QString::fromUtf16(entry.text));
  return out;
}

/// Pairs of characters: what is asked for, what stands for it.
QHash<QChar, QChar> pairsOf(const char16_t* pairs) {
  QHash<QChar, QChar> out;
  for (; pairs[0] != 0; pairs += 2) out.insert(pairs[0], pairs[1]);
  return out;
}

}  // namespace

const QHash<QString, QString>& symbols() {
  static const QHash<QString, QString> table = tableOf({
      {"alpha", u"α"}, {"beta", u"β"}, {"gamma", u"γ"}, {"delta", u"δ"}, {"epsilon", u"ϵ"}, {"varepsilon", u"ε"},
      {"zeta", u"ζ"}, {"eta", u"η"}, {"theta", u"θ"}, {"vartheta", u"ϑ"}, {"iota", u"ι"}, {"kappa", u"κ"},
      {"lambda", u"λ"}, {"mu", u"μ"}, {"nu", u"ν"}, {"xi", u"ξ"}, {"omicron", u"ο"}, {"pi", u"π"}, {"varpi", u"ϖ"},
      {"rho", u"ρ"}, {"varrho", u"ϱ"}, {"sigma", u"σ"}, {"varsigma", u"ς"}, {"tau", u"τ"}, {"upsilon", u"υ"},
      {"phi", u"φ"}, {"varphi", u"φ"}, {"chi", u"χ"}, {"psi", u"ψ"}, {"omega", u"ω"}, {"Gamma", u"Γ"},
      {"Delta", u"Δ"}, {"Theta", u"Θ"}, {"Lambda", u"Λ"}, {"Xi", u"Ξ"}, {"Pi", u"Π"}, {"Sigma", u"Σ"},
      {"Upsilon", u"Υ"}, {"Phi", u"Φ"}, {"Psi", u"Ψ"}, {"Omega", u"Ω"}, {"infty", u"∞"}, {"partial", u"∂"},
      {"nabla", u"∇"}, {"hbar", u"ℏ"}, {"ell", u"ℓ"}, {"Re", u"ℜ"}, {"Im", u"ℑ"}, {"aleph", u"ℵ"}, {"imath", u"ı"},
      {"jmath", u"ȷ"}, {"emptyset", u"∅"}, {"varnothing", u"∅"}, {"forall", u"∀"}, {"exists", u"∃"},
      {"nexists", u"∄"}, {"neg", u"¬"}, {"lnot", u"¬"}, {"top", u"⊤"}, {"bot", u"⊥"}, {"angle", u"∠"},
      {"triangle", u"△"}, {"square", u"□"}, {"blacksquare", u"■"}, {"circ", u"∘"}, {"degree", u"°"},
      {"prime", u"′"}, {"ldots", u"…"}, {"dots", u"…"}, {"dotsc", u"…"}, {"dotsb", u"⋯"}, {"cdots", u"⋯"},
      {"vdots", u"⋮"}, {"ddots", u"⋱"}, {"langle", u"⟨"}, {"rangle", u"⟩"}, {"lfloor", u"⌊"}, {"rfloor", u"⌋"},
      {"lceil", u"⌈"}, {"rceil", u"⌉"}, {"lbrace", u"{"}, {"rbrace", u"}"}, {"lbrack", u"["}, {"rbrack", u"]"},
      {"vert", u"|"}, {"Vert", u"‖"}, {"lvert", u"|"}, {"rvert", u"|"}, {"lVert", u"‖"}, {"rVert", u"‖"},
      {"backslash", u"\\"}, {"checkmark", u"✓"}, {"dagger", u"†"}, {"star", u"⋆"}, {"bullet", u"•"},
      {"S", u"§"}, {"pounds", u"£"}, {"copyright", u"©"}, {"therefore", u"∴"}, {"because", u"∵"}, {"colon", u":"},
  });
  return table;
}

const QHash<QString, QString>& relations() {
  static const QHash<QString, QString> table = tableOf({
      {"times", u"×"}, {"cdot", u"·"}, {"div", u"÷"}, {"pm", u"±"}, {"mp", u"∓"}, {"ast", u"∗"}, {"oplus", u"⊕"},
      {"ominus", u"⊖"}, {"otimes", u"⊗"}, {"odot", u"⊙"}, {"wedge", u"∧"}, {"land", u"∧"}, {"vee", u"∨"},
      {"lor", u"∨"}, {"cap", u"∩"}, {"cup", u"∪"}, {"setminus", u"∖"}, {"le", u"≤"}, {"leq", u"≤"}, {"leqslant", u"≤"},
      {"ge", u"≥"}, {"geq", u"≥"}, {"geqslant", u"≥"}, {"lt", u"<"}, {"gt", u">"}, {"ll", u"≪"}, {"gg", u"≫"},
      {"ne", u"≠"}, {"neq", u"≠"}, {"equiv", u"≡"}, {"approx", u"≈"}, {"sim", u"∼"}, {"simeq", u"≃"}, {"cong", u"≅"},
      {"propto", u"∝"}, {"in", u"∈"}, {"notin", u"∉"}, {"ni", u"∋"}, {"subset", u"⊂"}, {"subseteq", u"⊆"},
      {"subsetneq", u"⊊"}, {"supset", u"⊃"}, {"supseteq", u"⊇"}, {"mid", u"|"}, {"nmid", u"∤"}, {"parallel", u"∥"},
      {"perp", u"⊥"}, {"to", u"→"}, {"rightarrow", u"→"}, {"leftarrow", u"←"}, {"gets", u"←"},
      {"leftrightarrow", u"↔"}, {"Rightarrow", u"⇒"}, {"implies", u"⇒"}, {"Leftarrow", u"⇐"}, {"impliedby", u"⇐"},
      {"Leftrightarrow", u"⇔"}, {"iff", u"⇔"}, {"longrightarrow", u"⟶"}, {"longleftarrow", u"⟵"},
      {"Longrightarrow", u"⟹"}, {"Longleftrightarrow", u"⟺"}, {"mapsto", u"↦"}, {"longmapsto", u"⟼"},
      {"hookrightarrow", u"↪"}, {"uparrow", u"↑"}, {"downarrow", u"↓"}, {"rightleftharpoons", u"⇌"}, {"vdash", u"⊢"},
      {"models", u"⊨"}, {"coloneqq", u"≔"}, {"triangleq", u"≜"}, {"doteq", u"≐"}, {"prec", u"≺"}, {"succ", u"≻"},
      {"bmod", u"mod"},
  });
  return table;
}

const QHash<QString, QString>& functions() {
  static const QHash<QString, QString> table = [] {
    QHash<QString, QString> out = tableOf({
        {"sum", u"∑"}, {"prod", u"∏"}, {"coprod", u"∐"}, {"int", u"∫"}, {"iint", u"∬"}, {"iiint", u"∭"},
        {"oint", u"∮"}, {"bigcup", u"⋃"}, {"bigcap", u"⋂"}, {"bigoplus", u"⨁"}, {"bigotimes", u"⨂"},
        {"bigvee", u"⋁"}, {"bigwedge", u"⋀"}, {"limsup", u"lim sup"}, {"liminf", u"lim inf"}, {"operatorname", u"?"},
        {"pmod", u"mod"},
    });
    for (const char* name : {"sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
                             "log", "ln", "lg", "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "ker", "gcd", "lcm",
                             "arg", "deg", "hom", "Pr", "argmax", "argmin"}) {
      out.insert(QString::fromLatin1(name), QString::fromLatin1(name));
    }
    return out;
  }();
  return table;
}

const QSet<QString>& limitNames() {
  static const QSet<QString> table{"lim", "limsup", "liminf", "max", "min", "sup", "inf", "argmax", "argmin", "Pr"};
  return table;
}

const QSet<QString>& ignored() {
  static const QSet<QString> table{
      "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl",
      "Bigr", "biggl", "biggr", "Biggl", "Biggr", "nonumber", "notag", "hline", "centering", "allowbreak",
      "boldmath", "hfill", "rm", "bf", "it", "cal"};
  return table;
}

const QSet<QString>& wordCommands() {
  static const QSet<QString> table{"text", "textbf", "textit", "textrm", "texttt", "textsf", "mathrm", "mathsf", "mathtt",
                                   "mbox", "hbox", "textnormal"};
  return table;
}

const QSet<QString>& transparent() {
  static const QSet<QString> table{"mathbf", "mathit", "boldsymbol", "bm", "pmb", "boxed", "mathfrak", "ensuremath",
                                   "underbrace", "overbrace", "cancel", "mathop", "mathbin", "mathrel", "mathord",
                                   "substack", "smash", "phantom"};
  return table;
}

const QHash<QString, QChar>& accents() {
  static const QHash<QString, QChar> table{
      {"hat", QChar(0x302)},   {"widehat", QChar(0x302)},   {"bar", QChar(0x304)},  {"tilde", QChar(0x303)},
      {"vec", QChar(0x20D7)},  {"widetilde", QChar(0x303)}, {"dot", QChar(0x307)},  {"ddot", QChar(0x308)},
      {"check", QChar(0x30C)}, {"acute", QChar(0x301)},     {"grave", QChar(0x300)}, {"breve", QChar(0x306)},
      {"overline", QChar(0x305)}, {"underline", QChar(0x332)}, {"mathring", QChar(0x30A)},
      {"overrightarrow", QChar(0x20D7)}};
  return table;
}

const QHash<QChar, QChar>& superscripts() {
  static const QHash<QChar, QChar> table = pairsOf(
      u"0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾aᵃbᵇcᶜdᵈeᵉfᶠgᵍhʰiⁱjʲkᵏlˡmᵐnⁿoᵒpᵖrʳsˢtᵗuᵘvᵛwʷxˣyʸzᶻAᴬBᴮDᴰEᴱGᴳHᴴIᴵJᴶKᴷLᴸMᴹNᴺOᴼPᴾRᴿ"
      u"TᵀUᵁWᵂβᵝγᵞδᵟθᶿφᵠ∗*′′");
  return table;
}

const QHash<QChar, QChar>& subscripts() {
  static const QHash<QChar, QChar> table = pairsOf(
      u"0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎aₐeₑhₕiᵢjⱼkₖlₗmₘnₙoₒpₚrᵣsₛtₜuᵤvᵥxₓβᵦγᵧρᵨφᵩχᵪ");
  return table;
}

const QHash<QChar, QChar>& doubleStruck() {
  static const QHash<QChar, QChar> table = pairsOf(u"CℂHℍNℕPℙQℚRℝZℤ");
  return table;
}

const QHash<QChar, QChar>& script() {
  static const QHash<QChar, QChar> table = pairsOf(u"BℬEℰFℱHℋIℐLℒMℳRℛ");
  return table;
}

Brackets bracketsOf(const QString& environment) {
  // Pieces: top, middle, bottom, and the waist of a brace.
  if (environment == QLatin1String("pmatrix")) return {"(", ")", QStringLiteral("⎛⎜⎝⎜"), QStringLiteral("⎞⎟⎠⎟")};
  if (environment == QLatin1String("bmatrix")) return {"[", "]", QStringLiteral("⎡⎢⎣⎢"), QStringLiteral("⎤⎥⎦⎥")};
  if (environment == QLatin1String("Bmatrix")) return {"{", "}", QStringLiteral("⎧⎪⎩⎨"), QStringLiteral("⎫⎪⎭⎬")};
  if (environment == QLatin1String("vmatrix")) return {"|", "|", QStringLiteral("││││"), QStringLiteral("││││")};
  if (environment == QLatin1String("Vmatrix")) return {"‖", "‖", QStringLiteral("‖‖‖‖"), QStringLiteral("‖‖‖‖")};
  if (environment == QLatin1String("cases")) return {"{ ", "", QStringLiteral("⎧⎪⎩⎨"), {}};
  return {};
}

}  // namespace tercet::latex
