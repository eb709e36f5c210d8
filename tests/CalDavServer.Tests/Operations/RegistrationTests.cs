using CalDavServer.Hosting;
using CalDavServer.Options;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>How the server is registered at providers is checked when it starts, and what is wrong is said in a sentence.</summary>
public sealed class RegistrationTests
{
    [Theory]
    [InlineData("belong together", "microsoftclientid", "a")]
    [InlineData("belong together", "microsoftclientsecret", "a")]
    [InlineData("no spaces", "microsoftclientid", "a b", "microsoftclientsecret", "c")]
    [InlineData("is the id of a secret", "microsoftclientid", "a", "microsoftclientsecret", "7b0f6f0a-53f2-4e65-9a0c-2f9a3f6f5c11")]
    [InlineData("'microsoftapiurl' is 'http://graph.example'", "microsoftclientid", "a", "microsoftclientsecret", "c", "microsoftapiurl", "http://graph.example")]
    [InlineData("belong together", "googleclientid", "a")]
    [InlineData("'googletokenurl' is 'nonsense'", "googleclientid", "a", "googleclientsecret", "c", "googletokenurl", "nonsense")]
    public void What_is_wrong_is_said(string words, params string[] settings) => Assert.Contains(words, Assert.Throws<CommandFailure>(() => Read(settings)).Message, StringComparison.Ordinal);

    [Fact]
    public void None_is_none_and_a_stand_in_of_this_machine_is_let_pass()
    {
        Assert.Equal((null, null), Read([]));
        var (google, microsoft) = Read(["microsoftclientid", " a ", "microsoftclientsecret", "c", "microsofttokenurl", "http://127.0.0.1:5080/token"]);
        Assert.Null(google);
        Assert.Equal(("a", "http://127.0.0.1:5080/token", "graph.microsoft.com"), (microsoft!.ClientId, microsoft.Token.AbsoluteUri, microsoft.Api.Host));
    }

    private static (ProviderBridge.Google.GoogleApp? Google, ProviderBridge.Microsoft.MicrosoftApp? Microsoft) Read(string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build();
        return (GoogleOptions.Read(configuration), MicrosoftOptions.Read(configuration));
    }
}
