using System.Collections.Concurrent;
using CalDavServer.Tests.ClientQuirks.Sessions;
using Xunit;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>
/// The requests of real clients (<c>ClientQuirks/CLIENT/NN-what.http</c>), byte by byte, each answered as its <c>.expect</c> file says: in an ordinary calendar and in the practice's.
/// </summary>
public sealed class ClientSessionTests
{
    private static readonly ConcurrentDictionary<(string Client, string Calendar), Lazy<Task<IReadOnlyDictionary<string, string?>>>> Sessions = new();

    public static TheoryData<string, string> Requests()
    {
        var files = new TheoryData<string, string>();
        foreach (var request in RequestFile.Clients().SelectMany(RequestFile.Of))
        {
            files.Add(request.Name, "home");
            files.Add(request.Name, "hx");
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_client_is_answered_as_it_needs(string request, string calendar)
    {
        var client = request.Split('/')[0];
        var session = Sessions.GetOrAdd((client, calendar), _ => new(() => ClientSession.RunAsync(client, calendar, TestContext.Current.CancellationToken)));
        var problem = (await session.Value)[request];
        Assert.True(problem is null, problem);
    }

    [Fact]
    public void Each_client_of_the_list_has_a_session_and_each_request_an_expectation_that_names_a_status()
    {
        Assert.Equal(
            ["Davx5", "Evolution", "HomeAssistant", "Ios", "KDE", "MacOS", "OutlookCalDavSynchronizer", "Thunderbird", "Tsdav", "Vdirsyncer"],
            RequestFile.Clients().Order(StringComparer.Ordinal));
        foreach (var request in RequestFile.Clients().SelectMany(RequestFile.Of))
            Assert.Contains(File.ReadAllLines(request.ExpectationPath), line => line.StartsWith("status ", StringComparison.Ordinal));
    }
}
