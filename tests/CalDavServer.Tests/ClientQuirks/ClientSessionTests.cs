using System.Collections.Concurrent;
using CalDavServer.Tests.ClientQuirks.Sessions;
using Xunit;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>The requests of real clients (<c>ClientQuirks/CLIENT/NN-what.http</c>), octet by octet, each answered as its <c>.expect</c> file says.</summary>
public sealed class ClientSessionTests
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<string, string?>>>> Sessions = new();

    public static TheoryData<string> Requests()
    {
        var files = new TheoryData<string>();
        foreach (var client in RequestFile.Clients())
        {
            foreach (var request in RequestFile.Of(client)) files.Add(request.Name);
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_client_is_answered_as_it_needs(string request)
    {
        var client = request.Split('/')[0];
        var session = Sessions.GetOrAdd(client, _ => new(() => ClientSession.RunAsync(client, TestContext.Current.CancellationToken)));
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
