#include "analyzer/frameworks/remote.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_set>

#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/table.h"

namespace querylint::frameworks {
namespace {

using namespace flow;

constexpr std::array<std::string_view, 46> functions = {
    "requests.get",
    "requests.post",
    "requests.put",
    "requests.patch",
    "requests.delete",
    "requests.head",
    "requests.options",
    "requests.request",
    "requests.api.get",
    "requests.api.post",
    "requests.api.request",
    "httpx.get",
    "httpx.post",
    "httpx.put",
    "httpx.patch",
    "httpx.delete",
    "httpx.head",
    "httpx.options",
    "httpx.request",
    "httpx.stream",
    "aiohttp.request",
    "urllib.request.urlopen",
    "urllib.request.urlretrieve",
    "urllib2.urlopen",
    "smtplib.SMTP",
    "smtplib.SMTP_SSL",
    "aiosmtplib.send",
    "django.core.mail.send_mail",
    "django.core.mail.send_mass_mail",
    "django.core.mail.mail_admins",
    "django.core.mail.mail_managers",
    "ftplib.FTP",
    "socket.create_connection",
    "socket.gethostbyname",
    "socket.getaddrinfo",
    "dns.resolver.query",
    "dns.resolver.resolve",
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "os.system",
    "time.sleep",
    "asyncio.sleep",
};

/// What of a client's methods waits.
enum class Waits : std::uint8_t {
  requests,  ///< those that are called like methods of HTTP, and `send`
  all,       ///< all but those that prepare
};

constexpr std::array<std::pair<std::string_view, Waits>, 23> clients = {{
    {"requests.Session", Waits::requests},
    {"requests.session", Waits::requests},
    {"requests.sessions.Session", Waits::requests},
    {"httpx.Client", Waits::requests},
    {"httpx.AsyncClient", Waits::requests},
    {"aiohttp.ClientSession", Waits::requests},
    {"aiohttp.client.ClientSession", Waits::requests},
    {"urllib3.PoolManager", Waits::requests},
    {"http.client.HTTPConnection", Waits::requests},
    {"http.client.HTTPSConnection", Waits::requests},
    {"django.core.mail.EmailMessage", Waits::requests},
    {"django.core.mail.EmailMultiAlternatives", Waits::requests},
    {"django.core.mail.message.EmailMessage", Waits::requests},
    {"django.core.mail.message.EmailMultiAlternatives", Waits::requests},
    {"flask_mail.Mail", Waits::requests},
    {"smtplib.SMTP", Waits::all},
    {"smtplib.SMTP_SSL", Waits::all},
    {"aiosmtplib.SMTP", Waits::all},
    {"ftplib.FTP", Waits::all},
    {"paramiko.SSHClient", Waits::all},
    {"paramiko.client.SSHClient", Waits::all},
    {"boto3.client", Waits::all},
    {"boto3.resource", Waits::all},
}};

constexpr std::array<std::string_view, 11> requests = {"get",  "post",    "put",       "patch",
                                                       "head", "options", "request",   "delete",
                                                       "send", "stream",  "ws_connect"};

/// Of clients all of whose other methods wait. What is spelled like a class is an object there that
/// waits in turn: `s3.Bucket("name")`.
constexpr std::array<std::string_view, 10> preparing = {"close",
                                                        "generate_presigned_url",
                                                        "generate_presigned_post",
                                                        "get_waiter",
                                                        "set_missing_host_key_policy",
                                                        "load_system_host_keys",
                                                        "can_paginate",
                                                        "get_paginator",
                                                        "load_host_keys",
                                                        "set_debuglevel"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class Remote : public Framework {
 public:
  explicit Remote(const program::Program& program) : clients_(program.names, clients) {
    for (const std::string_view path : functions) {
      if (const Name name = program.names.find(path)) functions_.insert(name);
    }
  }

  Value attribute(Interpreter& interpreter, Value object, Name name, Site) const override {
    return waits_of(interpreter, object) != nullptr
               ? interpreter.values().make(Method{object, name})
               : Value{};
  }

  Value call_method(Interpreter& interpreter, Name name, Arguments& arguments,
                    Site site) const override {
    const Waits* waits = waits_of(interpreter, arguments.self);
    if (waits == nullptr) return {};
    const std::string_view text = interpreter.world().text(name);
    const bool prepares =
        has(preparing, text) || (std::isupper(static_cast<unsigned char>(text.front())) != 0);
    interpreter.escape_all(arguments, site);
    if (*waits == Waits::all && prepares) return arguments.self;
    if (*waits == Waits::requests && !has(requests, text)) return interpreter.unknown();
    const Name client = interpreter.values().term(arguments.self).callee;
    interpreter.wait(interpreter.world().names.intern(
                         fmt::format("{}.{}", interpreter.world().text(client), text)),
                     site);
    return interpreter.unknown();
  }

  Value call_external(Interpreter& interpreter, Name path, Arguments& arguments,
                      Site site) const override {
    const bool is_client = clients_.find(path) != nullptr;
    const bool has_nothing_to_do = arguments.size() == 0 || gives_way(interpreter, arguments);
    if (functions_.contains(path) && !has_nothing_to_do) interpreter.wait(path, site);
    if (!is_client) return {};
    interpreter.escape_all(arguments, site);
    return client(interpreter, path);
  }

  Value enter(Interpreter& interpreter, Value context, bool&, Site) const override {
    return waits_of(interpreter, context) != nullptr ? context : Value{};
  }

  Value annotated(Interpreter& interpreter, Value type, std::span<const Value>) const override {
    if (!interpreter.values().is(type, ValueKind::external)) return {};
    const Name path = interpreter.values().external(type);
    return clients_.find(path) != nullptr ? client(interpreter, path) : Value{};
  }

 private:
  static Value client(Interpreter& interpreter, Name path) {
    return interpreter.values().make(Term{path, {}});
  }

  /// Null for what is no client.
  const Waits* waits_of(Interpreter& interpreter, Value value) const {
    if (!interpreter.values().is(value, ValueKind::term)) return nullptr;
    return clients_.find(interpreter.values().term(value).callee);
  }

  /// `sleep(0)` only lets others run.
  static bool gives_way(Interpreter& interpreter, const Arguments& arguments) {
    const Value first = arguments.positional.empty() ? Value{} : arguments.positional.front();
    if (!interpreter.values().is(first, ValueKind::constant)) return false;
    const Constant constant = interpreter.values().constant(first);
    return constant.kind == ir::ConstantKind::number &&
           interpreter.world().text(constant.text) == "0";
  }

  std::unordered_set<Name> functions_;
  Table<Waits> clients_;
};

}  // namespace

std::unique_ptr<Framework> make_remote(const program::Program& program) {
  return std::make_unique<Remote>(program);
}

}  // namespace querylint::frameworks
