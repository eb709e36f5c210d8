using System.Globalization;
using System.Text;
using Sandbox.Google;

namespace Sandbox.Pages;

/// <summary>Who are you, and what do you allow? Each scope has a tick box of its own.</summary>
public static class ConsentPage
{
    private static readonly Dictionary<string, string> Words = new()
    {
        [GoogleScopes.AppCreated] = "Make secondary Google calendars, and see, create, change, and delete events on them",
        [GoogleScopes.Calendar] = "See, edit, share, and permanently delete all the calendars you can access using Google Calendar",
        ["Calendars.ReadWrite"] = "Have full access to your calendars",
        ["User.Read"] = "View your basic profile",
    };

    public static string Of(string vendor, string action, IReadOnlyList<string> known, string? hint, IEnumerable<string> scopes, IEnumerable<(string Name, string Value)> parameters)
    {
        var name = vendor == "google" ? "Google" : "Microsoft";
        var page = new StringBuilder().Append(CultureInfo.InvariantCulture, $"<h1>Sign in with “{name}”</h1><p>This is the sandbox, not {name}: any address will do, and there is no password.</p><form method=\"post\" action=\"{Html.Text(action)}\">");
        foreach (var (key, value) in parameters.Where(x => !x.Name.StartsWith("sandbox_", StringComparison.Ordinal)))
            page.Append(CultureInfo.InvariantCulture, $"<input type=\"hidden\" name=\"{Html.Text(key)}\" value=\"{Html.Text(value)}\">");
        page.Append("<fieldset><legend>Account</legend>");
        foreach (var email in known)
            page.Append(CultureInfo.InvariantCulture, $"<label><input type=\"radio\" name=\"sandbox_account\" value=\"{Html.Text(email)}\"{(email == (hint ?? known[0]) ? " checked" : "")}> {Html.Text(email)}</label><br>");
        var suggestion = known.Count > 0 ? "" : hint ?? (vendor == "google" ? "sam@gmail.com" : "sam@outlook.com");
        page.Append(CultureInfo.InvariantCulture, $"<label>{(known.Count > 0 ? "Or another" : "Address")}: <input type=\"email\" name=\"sandbox_new\" value=\"{Html.Text(suggestion)}\"></label></fieldset>");
        page.Append("<fieldset><legend>The app wants to</legend>");
        foreach (var scope in scopes)
            page.Append(CultureInfo.InvariantCulture, $"<label><input type=\"checkbox\" name=\"sandbox_scope\" value=\"{Html.Text(scope)}\" checked> {Html.Text(Words.GetValueOrDefault(scope, scope))}</label><br>");
        return page.Append("</fieldset><button name=\"sandbox_choice\" value=\"allow\">Allow</button> <button name=\"sandbox_choice\" value=\"cancel\">Cancel</button></form>").ToString();
    }
}
