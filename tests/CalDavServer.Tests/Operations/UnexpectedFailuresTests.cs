using CalDavServer.Http;
using Calendaring.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CalDavServer.Tests.Operations;

public sealed class UnexpectedFailuresTests
{
    [Fact]
    public async Task A_failure_is_answered_500_and_logged_without_its_message()
    {
        var log = new KeptLog();

        var (status, body) = await AnswerAsync(new InvalidOperationException("Anna Miller, 9 o'clock"), log);

        Assert.Equal(500, status);
        Assert.DoesNotContain("Anna", body, StringComparison.Ordinal);
        var line = Assert.Single(log.Lines);
        Assert.Contains("System.InvalidOperationException", line, StringComparison.Ordinal);
        Assert.Contains(nameof(UnexpectedFailuresTests), line, StringComparison.Ordinal);
        Assert.DoesNotContain("Anna", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_answered_503()
    {
        var log = new KeptLog();
        var (status, _) = await AnswerAsync(new StoreException(StoreFailureKind.Unavailable, "/home/anna: the disk is failing.", code: 10), log);

        Assert.Equal(503, status);
        Assert.Equal("GET: the store failed: Unavailable, SQLite result 10", Assert.Single(log.Lines));
    }

    [Theory]
    [InlineData(StoreFailureKind.NoSpace, "The server's disk is full, so nothing was changed.")]
    [InlineData(StoreFailureKind.Unavailable, "The server's disk cannot be used at the moment, so nothing was changed.")]
    [InlineData(StoreFailureKind.Busy, "The server is busy, so nothing was changed.")]
    public async Task What_cannot_be_written_is_answered_503_with_a_sentence(StoreFailureKind kind, string sentence)
    {
        var (status, body) = await AnswerAsync(new StoreException(new StoreFailure(kind, 0)), new KeptLog());

        Assert.Equal(503, status);
        Assert.StartsWith(sentence, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_keeps_its_status()
    {
        var (status, _) = await AnswerAsync(new BadHttpRequestException("too large", 413), new KeptLog());

        Assert.Equal(413, status);
    }

    private static async Task<(int Status, string Body)> AnswerAsync(Exception failure, KeptLog log)
    {
        var context = new DefaultHttpContext { Request = { Method = "GET" }, Response = { Body = new MemoryStream() } };
        await new UnexpectedFailures(_ => throw failure, log).InvokeAsync(context);
        context.Response.Body.Position = 0;
        using var reader = new StreamReader(context.Response.Body);
        return (context.Response.StatusCode, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private sealed class KeptLog : ILogger<UnexpectedFailures>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception) + exception);
    }
}
