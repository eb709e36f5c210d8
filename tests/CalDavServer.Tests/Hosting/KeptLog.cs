using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CalDavServer.Tests.Hosting;

/// <summary>Keeps what is logged as it would be printed: category, message, exception.</summary>
internal sealed class KeptLog(LogLevel least = LogLevel.Warning) : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(_lines, categoryName, least);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<string> lines, string category, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)}{exception}");
        }
    }
}
