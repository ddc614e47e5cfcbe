#include "app/languages.h"

namespace tercet {
namespace {

QSet<QString> words(const char* list) {
  const QStringList parts = QString::fromLatin1(list).split(u' ', Qt::SkipEmptyParts);
  return {parts.begin(), parts.end()};
}

QStringList names(const char* list) { return QString::fromLatin1(list).split(u' '); }

Region lineComment(const char* open) { return {QString::fromLatin1(open), {}, true, false, false}; }
Region blockComment(const char* open, const char* close) {
  return {QString::fromLatin1(open), QString::fromLatin1(close), true, true, false};
}
Region text(const char* mark) { return {QString::fromLatin1(mark), QString::fromLatin1(mark), false, false, true}; }
Region longText(const char* open, const char* close, bool escapes = true) {
  return {QString::fromLatin1(open), QString::fromLatin1(close), false, true, escapes};
}
Region rawText(const char* open, const char* close) {
  return {QString::fromLatin1(open), QString::fromLatin1(close), false, false, false};
}

constexpr const char* kCWords =
    "auto break case const continue default do else enum extern for goto if inline register restrict return sizeof static "
    "struct switch typedef union volatile while NULL true false ";
constexpr const char* kCTypes =
    "void bool char short int long float double signed unsigned size_t ssize_t int8_t int16_t int32_t int64_t uint8_t "
    "uint16_t uint32_t uint64_t FILE ";
constexpr const char* kScriptWords =
    "async await break case catch class const continue debugger default delete do else export extends finally for from "
    "function get if import in instanceof let new null of return set static super switch this throw true try typeof "
    "undefined var void while with yield false abstract as declare enum implements interface keyof namespace private "
    "protected public readonly satisfies type ";

std::vector<Language> makeLanguages() {
  using Manner = Language::Manner;
  const std::vector<Region> cLike{lineComment("//"), blockComment("/*", "*/"), text("\""), text("'")};
  const auto with = [](std::vector<Region> first, const std::vector<Region>& rest) {
    first.insert(first.end(), rest.begin(), rest.end());
    return first;
  };
  std::vector<Language> all;
  all.push_back({names("c h"), words(kCWords), words(kCTypes), cLike, Manner::Words, false, "#"});
  all.back().keywords += words("#include #define #if #ifdef #ifndef #else #elif #endif #pragma #undef #error");
  Language cpp = all.back();
  cpp.names = names("cpp c++ cc cxx hpp hxx objc arduino");
  cpp.keywords += words(
      "alignas alignof and catch class co_await co_return co_yield concept consteval constexpr constinit const_cast decltype "
      "delete dynamic_cast explicit export final friend mutable namespace new noexcept not nullptr operator or override "
      "private protected public reinterpret_cast requires static_assert static_cast template this throw try typeid typename "
      "using virtual");
  cpp.types += words("string vector map set pair optional variant string_view unique_ptr shared_ptr wchar_t char8_t");
  cpp.regions = with({longText("R\"(", ")\"", false)}, cLike);
  all.push_back(cpp);
  all.push_back({names("python py python3 pycon ipython"),
                 words("False None True and as assert async await break case class continue def del elif else except finally "
                       "for from global if import in is lambda match nonlocal not or pass raise return try while with yield self"),
                 words("int float str bool bytes list dict set tuple object complex frozenset range type Exception"),
                 {lineComment("#"), longText("r\"\"\"", "\"\"\"", false), longText("\"\"\"", "\"\"\""), longText("'''", "'''"),
                  rawText("r\"", "\""), rawText("r'", "'"), text("\""), text("'")},
                 Manner::Words, false, {}});
  all.push_back({names("javascript js jsx mjs cjs node typescript ts tsx"), words(kScriptWords),
                 words("string number boolean any unknown never object symbol bigint Array Map Set Promise Object String Number "
                       "Boolean Date RegExp Error Record Partial"),
                 with({longText("`", "`")}, cLike), Manner::Words, false, "$"});
  all.push_back({names("json jsonc json5 jsonl"), words("true false null"), {}, cLike, Manner::Keys, false, {}});
  all.push_back({names("html xml svg xhtml htm vue qrc plist"), {}, {}, {blockComment("<!--", "-->"), text("\""), text("'")},
                 Manner::Tags, false, "-:."});
  all.push_back({names("css scss less sass"), words("@media @import @font-face @keyframes @supports @include @mixin @use "
                                                    "!important from to"),
                 {}, cLike, Manner::Rules, false, "-@!#"});
  all.push_back({names("bash sh shell zsh console shellscript shell-session"),
                 words("if then else elif fi for while until do done case esac in function return exit export local readonly "
                       "declare unset shift source set eval exec trap break continue select time"),
                 words("echo cd ls cat grep sed awk printf read test mkdir rm cp mv chmod curl sudo"),
                 {lineComment("#"), longText("\"", "\""), longText("'", "'", false)}, Manner::Words, false, "-"});
  all.push_back({names("sql mysql postgresql postgres sqlite plsql tsql"),
                 words("add all alter and as asc begin between by cascade case check column commit constraint create cross "
                       "database default delete desc distinct drop else end except exists explain false foreign from full "
                       "function grant group having if in index inner insert intersect into is join key left like limit not "
                       "null offset on or order outer over partition primary references replace returning revoke right rollback "
                       "select set table then transaction trigger true truncate union unique update using values view when "
                       "where with"),
                 words("int integer bigint smallint serial real float double decimal numeric text varchar char boolean bool date "
                       "time timestamp blob json jsonb uuid"),
                 {lineComment("--"), blockComment("/*", "*/"), longText("'", "'", false), rawText("\"", "\""), rawText("`", "`")},
                 Manner::Words, true, {}});
  all.push_back({names("java"),
                 words("abstract assert break case catch class const continue default do else enum extends final finally for if "
                       "implements import instanceof interface native new null package private protected public record return "
                       "sealed static super switch synchronized this throw throws transient true false try var void volatile "
                       "while yield permits"),
                 words("boolean byte char double float int long short String Integer Long Double Boolean Object List Map Set "
                       "ArrayList HashMap Optional"),
                 with({longText("\"\"\"", "\"\"\"")}, cLike), Manner::Words, false, "@"});
  all.push_back({names("kotlin kt kts"),
                 words("abstract as break by catch class companion const constructor continue data do else enum external false "
                       "final finally for fun get if import in infix init inline inner interface internal is it lateinit null "
                       "object open operator out override package private protected public return sealed set super suspend this "
                       "throw true try typealias val var vararg when where while"),
                 words("Any Boolean Byte Char Double Float Int Long Short String Unit List Map Set Array MutableList Nothing"),
                 with({longText("\"\"\"", "\"\"\"", false)}, cLike), Manner::Words, false, "@"});
  all.push_back({names("csharp cs c#"),
                 words("abstract as async await base break case catch checked class const continue default delegate do else enum "
                       "event explicit extern false finally fixed for foreach get goto if implicit in init interface internal is "
                       "lock namespace new null operator out override params private protected public readonly record ref return "
                       "sealed set sizeof static struct switch this throw true try typeof unchecked unsafe using var virtual "
                       "volatile when where while yield"),
                 words("bool byte char decimal double dynamic float int long object sbyte short string uint ulong ushort void "
                       "List Dictionary Task IEnumerable String Int32"),
                 with({longText("\"\"\"", "\"\"\"", false), longText("@\"", "\"", false)}, cLike), Manner::Words, false, {}});
  all.push_back({names("go golang"),
                 words("break case chan const continue default defer else fallthrough for func go goto if import interface map "
                       "package range return select struct switch type var nil true false iota"),
                 words("any bool byte complex128 complex64 error float32 float64 int int16 int32 int64 int8 rune string uint "
                       "uint16 uint32 uint64 uint8 uintptr"),
                 with({longText("`", "`", false)}, cLike), Manner::Words, false, {}});
  // A quote may begin a lifetime, so that characters are not coloured.
  all.push_back({names("rust rs"),
                 words("as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod "
                       "move mut pub ref return self Self static struct super trait true type unsafe use where while"),
                 words("bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize String Vec Option Result Box Rc "
                       "Arc HashMap HashSet Some None Ok Err"),
                 {lineComment("//"), blockComment("/*", "*/"), longText("r#\"", "\"#", false), longText("\"", "\"")},
                 Manner::Words, false, {}});
  all.push_back({names("ruby rb"),
                 words("BEGIN END alias and begin break case class def defined? do else elsif end ensure false for if in module "
                       "next nil not or redo rescue retry return self super then true undef unless until when while yield "
                       "require require_relative attr_accessor attr_reader puts"),
                 words("Array Hash String Integer Float Symbol"),
                 {lineComment("#"), blockComment("=begin", "=end"), longText("\"", "\""), longText("'", "'")},
                 Manner::Words, false, "?"});
  all.push_back({names("php"),
                 words("abstract and array as break callable case catch class clone const continue declare default do echo else "
                       "elseif empty enum extends final finally fn for foreach function global if implements include instanceof "
                       "interface isset match namespace new null or print private protected public readonly require "
                       "require_once return static switch this throw trait true false try unset use var while yield"),
                 words("bool float int string void mixed iterable object self"), with({lineComment("#")}, cLike), Manner::Words,
                 false, {}});
  all.push_back({names("lua"),
                 words("and break do else elseif end false for function goto if in local nil not or repeat return then true until "
                       "while"),
                 {}, {blockComment("--[[", "]]"), lineComment("--"), longText("[[", "]]", false), text("\""), text("'")},
                 Manner::Words, false, {}});
  all.push_back({names("r"),
                 words("if else repeat while function for next break TRUE FALSE NULL Inf NaN NA in library require return"),
                 words("c list data.frame matrix factor character numeric integer logical"),
                 {lineComment("#"), longText("\"", "\""), longText("'", "'")}, Manner::Words, false, "."});
  all.push_back({names("swift"),
                 words("as associatedtype async await break case catch class continue default defer deinit do else enum extension "
                       "false fileprivate for func guard if import in init inout internal is let nil open operator private "
                       "protocol public repeat return self static struct subscript super switch throw throws true try typealias "
                       "var where while"),
                 words("Any Array Bool Character Dictionary Double Float Int Optional Set String Void"),
                 with({longText("\"\"\"", "\"\"\"")}, cLike), Manner::Words, false, "@"});
  all.push_back({names("yaml yml"), words("true false null yes no on off"), {}, {lineComment("#"), text("\""), text("'")},
                 Manner::Keys, false, "-."});
  all.push_back({names("toml ini cfg conf properties"), words("true false"), {},
                 {lineComment("#"), lineComment(";"), longText("\"\"\"", "\"\"\""), longText("'''", "'''", false), text("\""),
                  rawText("'", "'")},
                 Manner::Keys, false, "-."});
  all.push_back({names("markdown md"), {}, {}, {blockComment("<!--", "-->"), rawText("`", "`")}, Manner::Prose, false, {}});
  all.push_back({names("diff patch"), {}, {}, {}, Manner::Changes, false, {}});
  all.push_back({names("dockerfile docker"),
                 words("from run cmd label expose env add copy entrypoint volume user workdir arg onbuild as"), {},
                 {lineComment("#"), text("\""), text("'")}, Manner::Words, true, {}});
  all.push_back({names("cmake"), words("if else elseif endif foreach endforeach function endfunction macro endmacro set "
                                       "add_executable add_library target_link_libraries find_package project include "
                                       "add_subdirectory cmake_minimum_required option message"),
                 {}, {lineComment("#"), longText("\"", "\"")}, Manner::Words, true, {}});
  return all;
}

}  // namespace

const std::vector<Language>& languages() {
  static const std::vector<Language> all = makeLanguages();
  return all;
}

}  // namespace tercet
