using System.Text;
using CalDavServer.Tests.Hosting;
using Practice;
using Xunit;

namespace CalDavServer.Tests.ClientQuirks.Sessions;

/// <summary>
/// One client's session with a server of its own: its requests in order, each with what is so only after those before it. The person is a practitioner, Alice, who begins with
/// <c>hx/</c>, <c>tasks/</c> and <c>home/</c>; <c>{calendar}</c> is an ordinary calendar or the practice's, seen at the level that apps have unless a person chooses another.
/// </summary>
internal static class ClientSession
{
    /// <summary>Sends all requests of a client. For each file: null when it was answered as it should be, or what was not so.</summary>
    public static async Task<IReadOnlyDictionary<string, string?>> RunAsync(string client, string calendar, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync();
        var alice = await server.AddPersonAsync("alice@example.com", level: PrivacyLevel.Initials);
        var values = Values(server, alice, calendar);
        var outcomes = new Dictionary<string, string?>();
        foreach (var file in RequestFile.Of(client)) outcomes[file.Name] = await SendAsync(server, file, values, cancellationToken);
        return outcomes;
    }

    /// <summary>The placeholders that need no earlier answer.</summary>
    public static Dictionary<string, string> Values(TestServer server, Person person, string calendar = "home")
    {
        var (principal, home) = ($"/dav/principals/{person.Principal.Id}/", $"/dav/calendars/{person.Principal.Id}/");
        return new Dictionary<string, string>
        {
            ["host"] = server.Address.Authority,
            ["origin"] = server.Address.GetLeftPart(UriPartial.Authority),
            ["authorization"] = Basic(person.Principal.Login, person.Secret),
            ["authorization-percent"] = Basic(Uri.EscapeDataString(person.Principal.Login), person.Secret),
            ["principal"] = principal,
            ["home"] = home,
            ["calendar"] = $"{home}{calendar}/",
            ["tasks"] = home + "tasks/",
            ["hx"] = home + "hx/",
            ["inbox"] = home + "inbox/",
            ["outbox"] = home + "outbox/",
        };
    }

    private static string Basic(string login, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{secret}"));

    private static async Task<string?> SendAsync(TestServer server, RequestFile file, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await RawSocket.SendAsync(server.Address, file.Fill(values), cancellationToken);
            Expectation.Check(await File.ReadAllLinesAsync(file.ExpectationPath, cancellationToken), answer, values);
            return null;
        }
        catch (Exception problem) when (problem is Xunit.Sdk.IAssertionException or IOException or FormatException or System.Xml.XmlException or System.Xml.XPath.XPathException)
        {
            return problem.Message;
        }
    }
}
